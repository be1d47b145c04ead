using Lms.ApiFrontend.Overload;
using Lms.ApiFrontend.Resilience;
using Lms.ApiFrontend.Status;
using Lms.ApiFrontend.Tests.Resilience;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Lms.ApiFrontend.Tests.Status;

/// <summary>What the gateway refuses is part of how the library is.</summary>
public sealed class BreakerSymptomsTests
{
    [Fact]
    public async Task An_isolated_service_is_told_until_its_breaker_is_closed()
    {
        using var services = TestPipelines.Of(new FakeTimeProvider());
        var pipelines = services.GetRequiredService<ServicePipelines>();
        var symptoms = new BreakerSymptoms(pipelines, services.GetRequiredService<Admission>());
        Assert.Empty(symptoms.Look());

        await pipelines.Find("books", CallKind.Write)!.Control.IsolateAsync(TestContext.Current.CancellationToken);
        await pipelines.Find(ServicePipelines.Shared, CallKind.Read)!.Control.IsolateAsync(TestContext.Current.CancellationToken);
        Assert.Equal(
            [("books", Health.Degraded, "isolated"), ("library", Health.Degraded, "isolated")],
            symptoms.Look().Select(symptom => (symptom.Service, symptom.Health, symptom.Code)));

        await pipelines.Find("books", CallKind.Write)!.Control.CloseAsync(TestContext.Current.CancellationToken);
        Assert.Equal(["library"], symptoms.Look().Select(symptom => symptom.Service));
    }
}
