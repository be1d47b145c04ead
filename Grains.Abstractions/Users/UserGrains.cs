namespace Lms.Grains.Abstractions.Users;

/// <summary>How users and logins are addressed. The only place that knows what their grain keys look like.</summary>
public static class UserGrains
{
    public const string UserPrefix = "user:";
    public const string LoginPrefix = "login:";

    extension(IGrainFactory grains)
    {
        public IUserGrain User(UserId id) => grains.GetGrain<IUserGrain>($"{UserPrefix}{id}");

        public ILoginGrain Login(Username username) => grains.GetGrain<ILoginGrain>($"{LoginPrefix}{username}");

        public IForbiddenWordsGrain ForbiddenWords() => grains.GetGrain<IForbiddenWordsGrain>("words:forbidden");

        public IKeyRingGrain KeyRing() => grains.GetGrain<IKeyRingGrain>("keyring:jwt");
    }

    extension(IUserGrain grain)
    {
        public UserId Id => UserId.Of(grain.GetPrimaryKeyString()[UserPrefix.Length..]);
    }

    extension(ILoginGrain grain)
    {
        public Username Username => Username.Of(grain.GetPrimaryKeyString()[LoginPrefix.Length..]);
    }
}
