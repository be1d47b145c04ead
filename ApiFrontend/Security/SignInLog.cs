using System.Net;
using System.Security.Cryptography;
using System.Text;
using Lms.Grains.Abstractions.Users;

namespace Lms.ApiFrontend.Security;

/// <summary>Who signed in and who tried to: what an auditor asks for. Never a password, never a username.</summary>
/// <remarks>
/// An account that may not exist is told apart by a code of its username, which only gateways with the master key can make.
/// </remarks>
internal sealed partial class SignInLog(MasterKey masterKey, ILogger<SignInLog> logger)
{
    private readonly byte[] _key = masterKey.Derive("sign-in-log");

    public void SignedIn(UserId user, IPAddress? address) => LogSignedIn(user, address);

    public void Failed(Username username, IPAddress? address)
    {
        if (logger.IsEnabled(LogLevel.Warning))
        {
            LogFailed(CodeOf(username), address);
        }
    }

    public void Throttled(Username username, IPAddress? address, TimeSpan wait)
    {
        if (logger.IsEnabled(LogLevel.Warning))
        {
            LogThrottled(CodeOf(username), address, wait);
        }
    }

    public void Denied(UserId? user, IPAddress? address, string method, string? route) =>
        LogDenied(user, address, method, route);

    private string CodeOf(Username username) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(username.Email)).AsSpan(0, 8));

    [LoggerMessage(Level = LogLevel.Information, Message = "User {User} signed in from {Address}")]
    private partial void LogSignedIn(UserId user, IPAddress? address);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A sign-in to account {Account} from {Address} failed")]
    private partial void LogFailed(string account, IPAddress? address);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A sign-in to account {Account} from {Address} has to wait for {Wait}")]
    private partial void LogThrottled(string account, IPAddress? address, TimeSpan wait);

    [LoggerMessage(Level = LogLevel.Warning, Message = "User {User} from {Address} may not {Method} {Route}")]
    private partial void LogDenied(UserId? user, IPAddress? address, string method, string? route);
}
