using JasperFx;
using JasperFx.Events;
using JasperFx.Events.Projections;
using Marten;
using Weasel.Core;
using Workspaces.Contracts;
using Workspaces.Requests.Authentication;
using Workspaces.Requests.Lifetimes;
using Workspaces.Requests.Publishing;
using Workspaces.Requests.Users;
using Workspaces.Requests.Users.Keys;
using Workspaces.Requests.Workspaces;
using Workspaces.ServiceDefaults.Health;

namespace Workspaces.Requests.Storage;

/// <summary>Marten on PostgreSQL (connection string <c>postgres</c>): streams of workspaces and users, and documents beside them.</summary>
public static class StorageSetup
{
    /// <summary>
    /// How long the log waits for a number that a rolled-back transaction left out, before it goes on publishing. Longer than any
    /// append takes.
    /// </summary>
    private static readonly TimeSpan GapPatience = TimeSpan.FromMilliseconds(500);

    /// <summary>Registers the capability.</summary>
    public static WebApplicationBuilder AddStorage(this WebApplicationBuilder builder)
    {
        var connectionString = builder.Configuration.GetConnectionString("postgres")
            ?? throw new InvalidOperationException("The connection string 'postgres' is missing: set ConnectionStrings__postgres.");
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Logging.AddFilter("Marten", LogLevel.Warning); // it logs the whole schema and every page that it reads
        builder.Services.AddMarten(services => Options(connectionString, services.GetRequiredService<EventOutbox>()));
        builder.Services.AddSingleton<StoreGate>();
        builder.Services.AddHostedService<StorePreparer>();
        builder.Services.AddHealthChecks().AddCheck<StoreHealthCheck>("database", tags: [HealthExtensions.ReadyTag]);
        return builder;
    }

    private static StoreOptions Options(string connectionString, EventOutbox outbox)
    {
        var options = new StoreOptions();
        options.Connection(connectionString);
        options.AutoCreateSchemaObjects = AutoCreate.None; // StorePreparer does it once, instead of the first request that needs it
        options.UseSystemTextJsonForSerialization(EnumStorage.AsString, Casing.CamelCase, ContractsJson.Apply);
        options.DisableNpgsqlLogging = true;

        options.Events.StreamIdentity = StreamIdentity.AsString;
        options.Events.AppendMode = EventAppendMode.QuickWithServerTimestamps;
        options.Events.UseListenNotifyForEventAppends = true;
        options.Events.MetadataConfig.HeadersEnabled = true; // WritingSessions.TraceParent
        options.Projections.StaleSequenceThreshold = GapPatience;
        options.Projections.Add<WorkspaceProjection>(ProjectionLifecycle.Inline);
        options.Projections.Add<UserProjection>(ProjectionLifecycle.Inline);
        options.Events.Subscribe(outbox);

        options.Schema.For<Workspace>()
            .Index(workspace => workspace.Owner.Name)
            .Duplicate(workspace => workspace.State)
            .Duplicate(workspace => workspace.CreatedAt)
            .Duplicate(workspace => workspace.ExpiresAt)
            .Duplicate(workspace => workspace.DeletedAt);
        options.Schema.For<ApiKey>().UniqueIndex(key => key.Hash);
        options.Schema.For<NameReservation>();
        options.Schema.For<WorkspaceUsage>();
        options.Schema.For<KeyReservation>();
        options.Schema.For<IdempotencyRecord>().Index(record => record.CreatedAt);
        return options;
    }
}
