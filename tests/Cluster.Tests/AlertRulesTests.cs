using System.Text.RegularExpressions;
using Lms.Chaos.Measure;

namespace Lms.Cluster.Tests;

/// <summary>Alerts of which a person need not wait for minutes.</summary>
public sealed partial class AlertRulesTests
{
    [Theory]
    [InlineData("rate(lms_x_total[5m])", "rate(lms_x_total[30s])")]
    [InlineData("increase(lms_x_total[3d]) > 6", "increase(lms_x_total[25920s]) > 6")]
    [InlineData("max_over_time(lms_x[10s])", "max_over_time(lms_x[3s])")]
    [InlineData("for: 1m", "for: 6s")]
    [InlineData("max by (instance) (lms_x_age_seconds) > 600", "max by (instance) (lms_x_age_seconds) > 60")]
    [InlineData("lms_x > 600", "lms_x > 600")]
    [InlineData("record: lms:sli_bad:ratio_rate5m", "record: lms:sli_bad:ratio_rate5m")]
    public void What_takes_time_takes_less_of_it(string rule, string faster) => Assert.Equal(faster, AlertRules.Faster(rule, 10));

    [Fact]
    public void All_times_of_the_chart_are_found()
    {
        var chart = AlertRules.OfChart;

        Assert.NotEmpty(AlertRules.NamesIn(chart));
        Assert.Matches(Minutes(), chart);
        Assert.DoesNotMatch(Minutes(), AlertRules.Faster(chart, 10));
        Assert.Equal(AlertRules.NamesIn(chart), AlertRules.NamesIn(AlertRules.Faster(chart, 10)));
    }

    [GeneratedRegex(@"\b\d+[mhd]\b", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Minutes();
}
