using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Workspaces.Auditor.Log;
using Xunit;

namespace Workspaces.Auditor.Tests.Log;

/// <summary>The log's services on a database, without broker and HTTP.</summary>
internal sealed class LogDatabase : IDisposable
{
    private readonly IHost _host;

    public LogDatabase(string connectionString)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Configuration.AddInMemoryCollection([new("ConnectionStrings:postgres", connectionString)]);
        builder.AddEventLog();
        _host = builder.Build();
    }

    public LogWriter Writer => _host.Services.GetRequiredService<LogWriter>();

    public LogReader Reader => _host.Services.GetRequiredService<LogReader>();

    public T Get<T>()
        where T : notnull => _host.Services.GetRequiredService<T>();

    public async Task<IReadOnlyList<LogEntry>> AllAsync() =>
        await Reader.ReadAsync(new LogFilter(), after: 0, limit: int.MaxValue, TestContext.Current.CancellationToken);

    /// <summary>Runs SQL against the database, as somebody who tampers would.</summary>
    public async Task<int> ExecuteAsync(string sql)
    {
        await using var command = Get<NpgsqlDataSource>().CreateCommand(sql);
        return await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    public void Dispose() => _host.Dispose();
}
