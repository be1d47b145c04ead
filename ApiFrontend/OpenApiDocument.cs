using Lms.ApiFrontend.Http;
using Lms.ApiFrontend.Operations;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;

namespace Lms.ApiFrontend;

/// <summary>What the OpenAPI document says beyond what the endpoints tell.</summary>
internal static class OpenApiDocument
{
    private const string Bearer = "bearer";

    public static void AddLmsDocument(this OpenApiOptions options)
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new()
            {
                Title = "Lms.Orleans",
                Version = "1",
                Description =
                    """
                    A library management system whose users do not notice failures.

                    503 means: it is not known whether the request was carried out. Repeat it with the same Idempotency-Key
                    after Retry-After seconds. Problem details carry a stable `code` and, where a field is at fault, `errors`;
                    other errors carry the code in the header Lms-Code.
                    """,
            };
            document.Servers = []; // wherever it is read
            document.Components ??= new();
            document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal)
            {
                [Bearer] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", BearerFormat = "JWT" },
            };
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            var metadata = context.Description.ActionDescriptor.EndpointMetadata;
            if (!metadata.OfType<IAllowAnonymous>().Any())
            {
                operation.Security = [new() { [new OpenApiSecuritySchemeReference(Bearer, context.Document)] = [] }];
            }

            var method = context.Description.HttpMethod ?? "";
            if (HttpMethods.IsPatch(method))
            {
                AddHeader(operation, HeaderNames.IfMatch, isRequired: true,
                    "The ETag of what is changed, as it was last seen, such as \"0\".");
            }

            if (!HttpMethods.IsGet(method) && !metadata.OfType<ReadsOnly>().Any())
            {
                AddHeader(operation, Commands.Header, isRequired: false,
                    "Of the client's choice, 1 to 255 visible ASCII characters. Requests with the same key are carried out "
                    + "once, within 24 hours; a repeat is answered like the first.");
            }

            if (operation.Responses?.TryGetValue("503", out var unavailable) == true
                && unavailable.Content?.ContainsKey("text/plain") != true)
            {
                unavailable.Description = "Not now: repeat it after Retry-After seconds. A write may have been carried out.";
            }

            operation.Responses = Sorted(operation.Responses);
            return Task.CompletedTask;
        });
        options.AddSchemaTransformer((schema, context, _) =>
        {
            // Numbers are also read from texts, which is nothing to rely on.
            if (schema.Type is { } type && (type.HasFlag(JsonSchemaType.Integer) || type.HasFlag(JsonSchemaType.Number)))
            {
                (schema.Type, schema.Pattern) = (type & ~JsonSchemaType.String, null);
            }

            // What clients send says by its answer what it misses; none of it is required by its form.
            if (context.JsonTypeInfo.Properties.All(property => property.Get is null || property.IsGetNullable))
            {
                schema.Required = null;
            }

            return Task.CompletedTask;
        });
    }

    private static OpenApiResponses Sorted(OpenApiResponses? responses)
    {
        var sorted = new OpenApiResponses();
        foreach (var (status, response) in (responses ?? []).OrderBy(response => response.Key, StringComparer.Ordinal))
        {
            sorted.Add(status, response);
        }

        return sorted;
    }

    private static void AddHeader(OpenApiOperation operation, string name, bool isRequired, string description) =>
        (operation.Parameters ??= []).Add(new OpenApiParameter
        {
            Name = name,
            In = ParameterLocation.Header,
            Required = isRequired,
            Description = description,
            Schema = new OpenApiSchema { Type = JsonSchemaType.String },
        });
}
