using Switchyard.Simulator.Actions;
using Switchyard.Simulator.Apps;
using Switchyard.Simulator.Checks;
using Switchyard.Simulator.Deliveries;
using Switchyard.Simulator.Effects;
using Switchyard.Simulator.Faults;
using Switchyard.Simulator.Git;
using Switchyard.Simulator.Http;
using Switchyard.Simulator.Installations;
using Switchyard.Simulator.OpenApi;
using Switchyard.Simulator.People;
using Switchyard.Simulator.Pulls;
using Switchyard.Simulator.Repositories;
using Switchyard.Simulator.Secrets;

namespace Switchyard.Simulator;

/// <summary>Everything this GitHub consists of; each part knows the world and so every other part.</summary>
internal sealed class World : IAsyncDisposable
{
    private long lastId;

    public World(SimulatorOptions options, string folder, Uri root)
    {
        Options = options;
        Folder = folder;
        Urls = new Urls(root);
        Faults = new FaultBoard(options.Seed);
        Agenda = new Agenda(options.Time);
        Clock = new Clock(Agenda, Faults);
        Git = new GitCommand(options.GitPath, folder);
        Accounts = new Accounts(this);
        Apps = new AppStore(this);
        Memberships = new Memberships(this);
        Collaborators = new Collaborators(this);
        SignIns = new SignIns(this);
        Repositories = new RepositoryStore(this);
        Installations = new InstallationStore(this);
        Tokens = new TokenStore(this);
        Log = new RequestLog(options.Time);
        Limits = new RateLimits(this);
        Deliveries = new DeliveryOffice(this);
        Effects = new EffectLog(Agenda);
        Checks = new CheckStore(this);
        Statuses = new StatusStore(this);
        Workflows = new WorkflowCatalog(this);
        Plans = new RunPlans(this);
        Runs = new RunStore(this);
        Engine = new RunEngine(this);
        Loops = new LoopEcho(this);
        Pulls = new PullStore(this);
        Secrets = new SecretStore(this);
        OpenApi = new OpenApiChecks(options.OpenApiFile, options.OpenApiSample);
        Front = new Front(this);
        Faults.Actions = new FaultActions(this);
    }

    public SimulatorOptions Options { get; }

    public string Folder { get; }

    public Urls Urls { get; }

    public FaultBoard Faults { get; }

    public Agenda Agenda { get; }

    public Clock Clock { get; }

    public GitCommand Git { get; }

    public Accounts Accounts { get; }

    public AppStore Apps { get; }

    public Memberships Memberships { get; }

    public Collaborators Collaborators { get; }

    public SignIns SignIns { get; }

    public RepositoryStore Repositories { get; }

    public InstallationStore Installations { get; }

    public TokenStore Tokens { get; }

    public RequestLog Log { get; }

    public RateLimits Limits { get; }

    public DeliveryOffice Deliveries { get; }

    public EffectLog Effects { get; }

    public CheckStore Checks { get; }

    public StatusStore Statuses { get; }

    public WorkflowCatalog Workflows { get; }

    public RunPlans Plans { get; }

    public RunStore Runs { get; }

    public RunEngine Engine { get; }

    public LoopEcho Loops { get; }

    public PullStore Pulls { get; }

    public SecretStore Secrets { get; }

    /// <summary>Held by whatever changes runs, checks or pull requests, and tells it.</summary>
    public Lock Acts { get; } = new();

    public OpenApiChecks OpenApi { get; }

    public Front Front { get; }

    /// <summary>The person behind the pages and the developer password.</summary>
    public Account Developer => Accounts.Ensure(Options.DeveloperLogin, organization: false);

    /// <summary>Numbers are handed out in one line, so that no two things of any kind share one.</summary>
    public long NextId() => Interlocked.Increment(ref lastId) + 1000;

    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        foreach (var repository in Options.Repositories)
        {
            await Repositories.AddAsync(repository, cancellationToken);
        }

        foreach (var token in Options.Tokens)
        {
            Tokens.Register(token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Agenda.Dispose();
        Faults.ReleaseAll();
        await Deliveries.DisposeAsync();
    }
}
