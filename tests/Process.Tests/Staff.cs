namespace Lms.Process.Tests;

/// <summary>Who works at a library that starts empty, and how they sign in.</summary>
internal static class Staff
{
    public const string Admin = "admin@example.org";

    public static readonly Dictionary<string, string> Settings = new(StringComparer.Ordinal)
    {
        ["Lms__Admin__Username"] = Admin,
        ["Lms__Admin__Password"] = Any.Password,
        ["Lms__Passwords__MemoryKiB"] = "64",
    };

    public static async Task<string> SignInAsync(Api anyone, string username, string password)
    {
        var answer = Expect.Status(200, await anyone.PostAsync("/api/public/login", new { username, password }));
        return answer.Header("Authorization")!;
    }

    /// <summary>Makes a librarian and answers its token.</summary>
    public static async Task<string> NewLibrarianAsync(Api anyone)
    {
        var admin = anyone.With(await SignInAsync(anyone, Admin, Any.Password));
        var username = Any.Email;
        Expect.Status(200, await admin.PostAsync(
            "/api/admin/users", new { username, password = Any.Password, name = Any.PersonName, role = "LIBRARIAN" }));
        return await SignInAsync(anyone, username, Any.Password);
    }
}
