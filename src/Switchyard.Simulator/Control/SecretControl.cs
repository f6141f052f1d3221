using System.Text;
using System.Text.Json.Nodes;

namespace Switchyard.Simulator.Control;

/// <summary>The one place that tells what a secret holds, so that a test can compare.</summary>
internal sealed class SecretControl(World world)
{
    public void Map(ControlApi.Adder add)
    {
        add("GET", "/secrets", (_, _) => ControlApi.Done(new JsonArray([.. world.Secrets.All.SelectMany(box => box.Secrets.Values.OrderBy(secret => secret.Name, StringComparer.Ordinal).Select(secret => new JsonObject
        {
            ["scope"] = box.Scope.Kind,
            ["of"] = box.Scope.Name,
            ["environment"] = box.Scope.Environment,
            ["name"] = secret.Name,
            ["value"] = Encoding.UTF8.GetString(secret.Value),
            ["visibility"] = secret.Visibility,
            ["repositories"] = new JsonArray([.. secret.Repositories.Select(id => JsonValue.Create(id))]),
            ["writes"] = secret.Writes,
        }))])));
        add("PUT", "/repositories/{owner}/{repo}/environments/{name}", (request, _) =>
        {
            var repository = ControlApi.Repository(world, request);
            repository.Environments = repository.Environments.Add(request["name"]);
            return ControlApi.Done(new JsonObject { ["environments"] = Wire.List(repository.Environments) });
        });
    }
}
