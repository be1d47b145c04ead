namespace Lms.Silo.Commands;

/// <summary>The command could be carried out, and must not be. Its message is for whoever gave it.</summary>
internal sealed class RefusedException(string message) : Exception(message);
