using Marten;
using Marten.Schema;
using Npgsql;
using Weasel.Core;
using Weasel.Postgresql.Tables;
using Workspaces.Auditor.Feed;
using Workspaces.Auditor.Heads;
using Workspaces.Contracts;
using Workspaces.ServiceDefaults.Health;

namespace Workspaces.Auditor.Log;

/// <summary>The log in PostgreSQL (connection string <c>postgres</c>).</summary>
public static class EventLogExtensions
{
    /// <summary>PostgreSQL schema that everything of the log is in.</summary>
    public const string Schema = "log";

    private const string IndexPrefix = "mt_doc_logentry_idx_";

    private static readonly string[] AskedBy =
    [
        nameof(LogEntry.Type), nameof(LogEntry.WorkspaceId), nameof(LogEntry.Owner), nameof(LogEntry.User), nameof(LogEntry.SessionId), nameof(LogEntry.InstanceId), nameof(LogEntry.Target),
    ];

    /// <summary>Registers the store, the writer and the reader of the log.</summary>
    public static IHostApplicationBuilder AddEventLog(this IHostApplicationBuilder builder)
    {
        builder.Logging.AddFilter("Marten", LogLevel.Warning); // it would log every statement of a schema change
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(services => NpgsqlDataSource.Create(
            services.GetRequiredService<IConfiguration>().GetConnectionString("postgres")
            ?? throw new InvalidOperationException(
                "The connection string 'postgres' is missing: set it to Host=HOST;Port=PORT;Database=audit;Username=USER;Password=PASSWORD.")));
        builder.Services.AddMarten((StoreOptions options) => Configure(options)).UseNpgsqlDataSource();
        builder.Services.AddHostedService<LogSchema>(); // the first one, so that it is done before the others start
        builder.Services.AddSingleton<LogSignal>();
        builder.Services.AddSingleton<LogWriter>();
        builder.Services.AddSingleton<LogReader>();
        builder.Services.AddHealthChecks().AddCheck<LogHealthCheck>("log", tags: [HealthExtensions.ReadyTag]);
        return builder;
    }

    /// <summary>
    /// Entries are documents and not events of Marten's event store: that store orders a batch by stream and leaves gaps in its
    /// sequence where a transaction failed, and the log promises order of arrival without gaps.
    /// </summary>
    internal static void Configure(StoreOptions options)
    {
        options.DatabaseSchemaName = Schema;
        options.DisableNpgsqlLogging = true;
        options.UseSystemTextJsonForSerialization(EnumStorage.AsString, Casing.CamelCase, ContractsJson.Apply); // queries look by these names
        options.Schema.For<LogEntry>()
            .Identity(entry => entry.Sequence)
            .Duplicate(entry => entry.EventId, configure: index => index.IsUnique = true);
        options.Policies.ForAllDocuments(IndexInOrder);
        options.RegisterDocumentTypes([typeof(LogHead), typeof(WorkspaceFacts), typeof(FeedCheckpoint), typeof(SignedHead)]);
        options.Schema.For<InstanceFacts>().Index(facts => facts.Pod!);
    }

    /// <summary>
    /// Columns that the log is asked by. Answers come in the order of the log and a page at a time: an index gives them so, however many entries match, and has
    /// the time as well, by which PostgreSQL can pass over entries of other times in the index; where it expects matches early it reads the primary key
    /// instead, so that 'since' near the end of a long log is slow without 'after'. (Marten's own way makes an index of one column only.)
    /// </summary>
    private static void IndexInOrder(DocumentMapping mapping)
    {
        if (mapping.DocumentType != typeof(LogEntry))
        {
            return;
        }

        const string sequence = "id";
        var time = mapping.DuplicateField(nameof(LogEntry.OccurredAt)).ColumnName;
        mapping.Indexes.Add(new IndexDefinition($"{IndexPrefix}{time}") { Columns = [sequence, time] });
        foreach (var member in AskedBy)
        {
            var column = mapping.DuplicateField(member).ColumnName;
            mapping.Indexes.Add(new IndexDefinition($"{IndexPrefix}{column}") { Columns = [column, sequence, time] });
        }
    }
}
