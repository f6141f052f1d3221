using Microsoft.AspNetCore.Http.HttpResults;
using Switchyard.Server.Hosting;
using Switchyard.Server.Hosting.Problems;

namespace Switchyard.Server.Models.Diagrams;

/// <summary>The REST resource <c>/api/v1/models/{id}/diagram</c>.</summary>
internal static class DiagramEndpoints
{
    public static void Map(IEndpointRouteBuilder models) =>
        models.MapGet("/{id:long}/diagram", FindAsync).WithName("getModelDiagram")
            .WithSummary("What is drawn of a model: entities, fields, relationships and the author's places; focus asks for one entity and its neighbours")
            .Checks();

    private static async Task<Results<Ok<ModelDiagram>, ProblemHttpResult>> FindAsync(long id, string? focus, ModelStore store, ModelReader reader, CancellationToken cancellation)
    {
        if (await store.FindAsync(id, cancellation) is not { } row)
        {
            return ModelEndpoints.NotFound(id);
        }

        if (await reader.ReadAsync(row.Path, row.Kind, row.ShownSha256, row.ShownFormat ?? row.Format, cancellation) is not { } model)
        {
            return ModelEndpoints.NotStored(row);
        }

        var wanted = string.IsNullOrEmpty(focus) ? null : focus;
        var count = model.Containers.Sum(container => container.Entities.Count);
        return wanted is null && count > DiagramBuilder.Most
            ? Problem.Invalid(
                "TooManyEntities",
                $"{row.Path} has {count} entities, and a picture of more than {DiagramBuilder.Most} shows nothing. Ask for one entity and its neighbours by focus, or read the structure.",
                (string?)null,
                new NextStep("Read the structure", $"/api/v1/models/{id}/structure", $"switchyard model view {id} --structure"))
            : DiagramBuilder.Build(id, model, wanted) is { } diagram ? TypedResults.Ok(diagram)
            : Problem.NotFound($"{row.Path} has no entity with the id \"{wanted}\".", new NextStep("Read the structure", $"/api/v1/models/{id}/structure", $"switchyard model view {id} --structure"));
    }
}
