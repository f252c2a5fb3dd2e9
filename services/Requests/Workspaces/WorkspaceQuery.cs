using System.Globalization;
using System.Text;
using Marten;
using Microsoft.AspNetCore.WebUtilities;
using Workspaces.Contracts;

namespace Workspaces.Requests.Workspaces;

/// <summary>Which workspaces to list.</summary>
public sealed record WorkspaceFilter
{
    /// <summary>Only this owner's.</summary>
    public string? Owner { get; init; }

    /// <summary>Only in this state.</summary>
    public WorkspaceState? State { get; init; }

    /// <summary>Only of this target: kind, namespace, name.</summary>
    public (string Kind, string Namespace, string Name)? Target { get; init; }

    /// <summary>After this one, in the order of the list.</summary>
    public (DateTimeOffset CreatedAt, string Id)? After { get; init; }

    /// <summary>At most this many.</summary>
    public required int Limit { get; init; }
}

/// <summary>Lists workspaces that are not gone, newest first.</summary>
public sealed class WorkspaceQuery(IDocumentStore store)
{
    /// <summary>One page.</summary>
    public async Task<IReadOnlyList<Workspace>> ListAsync(WorkspaceFilter filter, CancellationToken cancellationToken)
    {
        // In SQL, because a page begins behind a pair of columns.
        var sql = new StringBuilder("where deleted_at is null");
        var parameters = new List<object>();
        Add("data -> 'owner' ->> 'name' = ?", filter.Owner);
        Add("state = ?", filter.State?.ToString());
        if (filter.Target is { } target)
        {
            Add("data -> 'target' ->> 'kind' = ?", target.Kind);
            Add("data -> 'target' ->> 'namespace' = ?", target.Namespace);
            Add("data -> 'target' ->> 'name' = ?", target.Name);
        }

        if (filter.After is { } after)
        {
            sql.Append(" and (created_at, id) < (?, ?)");
            parameters.AddRange([after.CreatedAt, after.Id]);
        }

        sql.Append(CultureInfo.InvariantCulture, $" order by created_at desc, id desc limit {filter.Limit}");
        await using var session = store.QuerySession();
        return await session.QueryAsync<Workspace>(sql.ToString(), cancellationToken, [.. parameters]);

        void Add(string condition, string? value)
        {
            if (value is not null)
            {
                sql.Append(" and ").Append(condition);
                parameters.Add(value);
            }
        }
    }

    /// <summary>All that are not gone.</summary>
    public async Task<IReadOnlyList<Workspace>> AllAsync(CancellationToken cancellationToken)
    {
        await using var session = store.QuerySession();
        return await session.Query<Workspace>().Where(workspace => workspace.DeletedAt == null).ToListAsync(cancellationToken);
    }

    /// <summary>Place of a workspace in the list, as an opaque text.</summary>
    public static string CursorOf(Workspace workspace) =>
        WebEncoders.Base64UrlEncode(Encoding.ASCII.GetBytes($"{workspace.CreatedAt.UtcTicks}:{workspace.Id}"));

    /// <summary>Reads <see cref="CursorOf"/>; null: it is none.</summary>
    public static (DateTimeOffset CreatedAt, string Id)? ReadCursor(string cursor)
    {
        try
        {
            var parts = Encoding.ASCII.GetString(WebEncoders.Base64UrlDecode(cursor)).Split(':');
            return parts.Length == 2 && WorkspaceId.IsValid(parts[1])
                && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var ticks) && ticks <= DateTimeOffset.MaxValue.UtcTicks
                    ? (new DateTimeOffset(ticks, TimeSpan.Zero), parts[1])
                    : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
