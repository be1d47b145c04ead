using Lms.Contract.Tests;

[assembly: AssemblyFixture(typeof(LibraryFixture))]
