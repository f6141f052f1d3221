using static Switchyard.Cli.Demo.Samples.SampleRepository;

namespace Switchyard.Cli.Demo.Samples;

/// <summary>What the demo mirrors when it is given nothing: few files, each with a history worth looking at.</summary>
internal static class SampleRepositories
{
    public static readonly IReadOnlyList<SampleRepository> All =
    [
        new("acme/shop-models", [
            Commit("Start the shop model", ("README.md", "# Models of the shop\n"), ("shop.hck.json", ShopModel.Text(new ShopModel.Shape(WithLegacyId: true)))),
            Commit("Give orders a status", ("shop.hck.json", ShopModel.Text(new ShopModel.Shape(WithLegacyId: true, WithStatus: true)))),
            Commit("Tidy the diagram", ("shop.hck.json", ShopModel.Text(new ShopModel.Shape(WithLegacyId: true, WithStatus: true, Shift: 40)))),
            Commit("Drop the legacy id", ("shop.hck.json", ShopModel.Text(new ShopModel.Shape(WithStatus: true, Shift: 40)))),
            Commit("Sketch the warehouse", ("drafts/warehouse.hck.json", ShopModel.Text(new ShopModel.Shape()).Replace("\"Shop\"", "\"Warehouse\"", StringComparison.Ordinal))),
            Commit("Add invoices, drop the sketch", ("shop.hck.json", ShopModel.Text(new ShopModel.Shape(WithStatus: true, WithInvoices: true, Shift: 40))), ("drafts/warehouse.hck.json", null)),
        ]),
        new("acme/event-schemas", [
            Commit("Describe order events", ("schemas/order.avsc", EventSchemas.Order(scoreType: "int", withLegacyId: true)), ("schemas/customer.schema.json", EventSchemas.Customer(required: false))),
            Commit("Widen the score", ("schemas/order.avsc", EventSchemas.Order(scoreType: "long", withLegacyId: true))),
            Commit("Describe the API", ("api/openapi.yaml", EventSchemas.Api(withRefunds: false))),
            Commit("Require the e-mail address", ("schemas/customer.schema.json", EventSchemas.Customer(required: true))),
            Commit("Remove the legacy id", ("schemas/order.avsc", EventSchemas.Order(scoreType: "long", withLegacyId: false))),
            Commit("Add refunds to the API", ("api/openapi.yaml", EventSchemas.Api(withRefunds: true))),
        ]),
        new(SwitchSamples.Target, [Commit("Test the contracts", (".github/workflows/contract.yml", SwitchSamples.Workflow))]),
        new("acme/.github", [Commit("Run the contract tests when schemas or models change", ("switchyard.yml", SwitchSamples.Rules))]),
        new("acme/churn-model", [
            Commit("Log the first model", [.. ChurnModel.Files(runId: "0c5f2d1e9a7b4c3d8e6f5a4b3c2d1e0f", features: ["tenure", "monthly_charges"])]),
            Commit("Train with contract length", [.. ChurnModel.Files(runId: "7be1a09d5c8e4f21b3d69a07c4e5f812", features: ["tenure", "monthly_charges", "contract_months"])]),
        ]),
    ];
}
