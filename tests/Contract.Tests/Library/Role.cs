namespace Lms.Contract.Tests;

public enum Role
{
    None,
    Reader,
    Librarian,
    Admin,
}
