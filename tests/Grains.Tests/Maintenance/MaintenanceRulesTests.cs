using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Maintenance;
using Lms.Grains.Maintenance;

namespace Lms.Grains.Tests.Maintenance;

public sealed class MaintenanceRulesTests
{
    private static readonly DateTimeOffset s_now = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public void What_is_announced_takes_the_place_of_what_was()
    {
        var first = MaintenanceRules.Set(new(), ReadOnly, s_now).Value!;

        var second = MaintenanceRules.Set(first, new(Operation.New(), MaintenanceMode.Off, "ignored"), s_now.AddHours(1)).Value!;

        Assert.Equal(new MaintenanceNotice(MaintenanceMode.ReadOnly, "New shelves", null, TimeSpan.FromMinutes(5), s_now), first.Notice);
        Assert.Equal(new MaintenanceNotice(MaintenanceMode.Off, "", null, null, s_now.AddHours(1)), second.Notice);
    }

    [Fact]
    public void A_repeat_changes_nothing()
    {
        var command = ReadOnly;
        var first = MaintenanceRules.Set(new(), command, s_now).Value!;

        Assert.Same(first, MaintenanceRules.Set(first, command, s_now.AddMinutes(1)).Value);
    }

    [Theory]
    [InlineData(3, "Why", null, null, "maintenance-mode-unknown")]
    [InlineData(1, " ", null, null, "maintenance-reason-invalid")]
    [InlineData(2, "Why", 60, 60, "maintenance-retry-after-invalid")]
    [InlineData(1, "Why", null, 0, "maintenance-retry-after-invalid")]
    [InlineData(1, "Why", null, 86_401, "maintenance-retry-after-invalid")]
    [InlineData(1, "Why", 0, null, "maintenance-until-invalid")]
    [InlineData(1, "Why", 60, null, null)]
    [InlineData(2, "Why", null, null, null)]
    [InlineData(0, "", -60, 0, null)]
    public void Who_is_refused_is_told_why_and_until_when(int mode, string reason, int? until, int? retryAfter, string? refusal)
    {
        var command = new SetMaintenance(
            Operation.New(),
            (MaintenanceMode)mode,
            reason,
            until is { } seconds ? s_now.AddSeconds(seconds) : null,
            retryAfter is { } wait ? TimeSpan.FromSeconds(wait) : null);

        Assert.Equal(refusal, MaintenanceRules.Set(new(), command, s_now).Rejection?.Code);
    }

    [Fact]
    public void A_reason_is_no_novel() => Assert.Equal(
        MaintenanceRejections.ReasonInvalid,
        MaintenanceRules.Set(new(), ReadOnly with { Reason = new('x', 501) }, s_now).Rejection);

    private static SetMaintenance ReadOnly =>
        new(Operation.New(), MaintenanceMode.ReadOnly, "New shelves", RetryAfter: TimeSpan.FromMinutes(5));
}
