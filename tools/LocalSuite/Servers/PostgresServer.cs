using System.Globalization;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Npgsql;
using Workspaces.LocalSuite.Processes;

namespace Workspaces.LocalSuite.Servers;

/// <summary>
/// Debian's PostgreSQL with a data folder of its own, on one loopback port and no Unix socket (their paths have a length limit).
/// It refuses to run as root, so as root it runs under the account <c>postgres</c> of Debian's package.
/// </summary>
public sealed class PostgresServer : IServer
{
    private const string Account = "postgres";
    private readonly PostgresOptions _options;
    private readonly string _binaries;
    private readonly string _data;

    /// <summary>A server that is not started yet.</summary>
    /// <exception cref="MissingProgramException">PostgreSQL is not installed.</exception>
    public PostgresServer(PostgresOptions options)
    {
        _options = options;
        _binaries = FindBinaries() ?? throw new MissingProgramException("PostgreSQL", "postgresql");
        _data = Path.Combine(options.Folder, "data");
    }

    /// <summary>Whether this machine has the programs.</summary>
    public static bool IsInstalled => FindBinaries() is not null;

    /// <inheritdoc/>
    public string Name => "postgresql";

    /// <inheritdoc/>
    public IReadOnlyList<int> Ports => [_options.Port];

    private string SealFile => Path.Combine(_options.Folder, "seal");

    /// <inheritdoc/>
    public ProgramStart Start => new(Path.Combine(_binaries, "postgres"), Arguments(), _options.LogFile)
    {
        RunAs = Account,
        StopSignal = UnixSignal.Interrupt,
        WorkingDirectory = "/",
        Environment = new Dictionary<string, string> { ["LC_ALL"] = "C.UTF-8" },
    };

    /// <summary>Npgsql connection string of the superuser.</summary>
    public string ConnectionString(string database = "postgres") => ConnectionString(database, "postgres", _options.Password);

    /// <summary>Npgsql connection string of some role.</summary>
    public string ConnectionString(string database, string role, string password) =>
        new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1",
            Port = _options.Port,
            Database = database,
            Username = role,
            Password = password,
            IncludeErrorDetail = true,
        }.ConnectionString;

    /// <inheritdoc/>
    public async Task PrepareAsync(CancellationToken cancellation)
    {
        if (File.Exists(Path.Combine(_data, "PG_VERSION")) && !await SetStrangersAsideAsync(cancellation))
        {
            return;
        }

        // What an interrupted initdb left is of no use.
        if (Directory.Exists(_data))
        {
            Directory.Delete(_data, recursive: true);
        }

        Directory.CreateDirectory(_options.Folder);
        var passwordFile = Path.Combine(_options.Folder, "password");
        await File.WriteAllTextAsync(passwordFile, _options.Password + "\n", cancellation);
        File.SetUnixFileMode(passwordFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        if (Native.IsRoot)
        {
            await Tool.RunAsync("chown", ["-R", $"{Account}:", _options.Folder], cancellation);
        }

        try
        {
            var initdb = new ProgramStart(
                Path.Combine(_binaries, "initdb"),
                ["--pgdata", _data, "--username", "postgres", "--pwfile", passwordFile, "--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync"],
                _options.LogFile)
            { RunAs = Account, WorkingDirectory = "/" };
            await using var process = ChildProcess.Start(initdb);
            await process.WaitForExitAsync(cancellation);
            if (process.ExitCode != 0)
            {
                throw new InvalidOperationException(
                    $"initdb failed. Can the user {Account} enter every folder above {_options.Folder}? Its output:\n{LogTail.Read(_options.LogFile)}");
            }
        }
        finally
        {
            File.Delete(passwordFile);
        }

        await File.WriteAllTextAsync(SealFile, Seal(), cancellation);
    }

    /// <summary>
    /// As root the data may stand outside the state folder and outlive it. Data whose password went with its state is of no use to the new
    /// one: it is kept beside, until the next time.
    /// </summary>
    private async Task<bool> SetStrangersAsideAsync(CancellationToken cancellation)
    {
        if (!File.Exists(SealFile) || await File.ReadAllTextAsync(SealFile, cancellation) == Seal())
        {
            return false;
        }

        var aside = _data + ".before";
        if (Directory.Exists(aside))
        {
            Directory.Delete(aside, recursive: true);
        }

        Directory.Move(_data, aside);
        return true;
    }

    /// <summary>Tells whether data was made with this password, and does not tell the password.</summary>
    private string Seal() => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("workspaces/postgresql\n" + _options.Password)));

    /// <inheritdoc/>
    public async Task<string?> WhyNotReadyAsync(CancellationToken cancellation)
    {
        try
        {
            await ExecuteAsync("postgres", "SELECT 1", cancellation);
            return null;
        }
        catch (Exception exception) when (exception is NpgsqlException or SocketException)
        {
            return exception.InnerException?.Message ?? exception.Message;
        }
    }

    /// <summary>Makes a role with a password, and a database that it owns, where they are missing; sets the password where not.</summary>
    public async Task EnsureDatabaseAsync(string database, string role, string password, CancellationToken cancellation = default)
    {
        // Names and passwords are ours; the quoting is for the reader's peace of mind.
        var (quotedRole, quotedPassword) = ($"\"{role}\"", $"'{password.Replace("'", "''", StringComparison.Ordinal)}'");
        await ExecuteAsync("postgres", $"DO $$ BEGIN CREATE ROLE {quotedRole} LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$; ALTER ROLE {quotedRole} PASSWORD {quotedPassword}", cancellation);
        try
        {
            await ExecuteAsync("postgres", $"CREATE DATABASE \"{database}\" OWNER {quotedRole}", cancellation);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.DuplicateDatabase)
        {
            // Made by an earlier start.
        }
    }

    private async Task ExecuteAsync(string database, string sql, CancellationToken cancellation)
    {
        var connectionString = new NpgsqlConnectionStringBuilder(ConnectionString(database)) { Pooling = false, Timeout = 5 };
        await using var connection = new NpgsqlConnection(connectionString.ConnectionString);
        await connection.OpenAsync(cancellation);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private List<string> Arguments()
    {
        var settings = new Dictionary<string, string>
        {
            ["listen_addresses"] = "127.0.0.1",
            ["port"] = _options.Port.ToString(CultureInfo.InvariantCulture),
            ["unix_socket_directories"] = "",
            ["max_connections"] = "300",
        };
        if (_options.Disposable)
        {
            settings["fsync"] = "off";
            settings["synchronous_commit"] = "off";
            settings["full_page_writes"] = "off";
        }

        return ["-D", _data, .. settings.SelectMany(setting => new[] { "-c", $"{setting.Key}={setting.Value}" })];
    }

    /// <summary>The newest version's folder: Debian has one per major version.</summary>
    private static string? FindBinaries()
    {
        const string versions = "/usr/lib/postgresql";
        return !Directory.Exists(versions)
            ? null
            : Directory.EnumerateDirectories(versions)
                .OrderByDescending(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var version) ? version : 0)
                .Select(folder => Path.Combine(folder, "bin"))
                .FirstOrDefault(folder => File.Exists(Path.Combine(folder, "postgres")) && File.Exists(Path.Combine(folder, "initdb")));
    }
}
