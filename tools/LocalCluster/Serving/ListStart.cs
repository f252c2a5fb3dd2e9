using System.Collections.Immutable;
using System.Globalization;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Storage;

namespace Workspaces.LocalCluster.Serving;

/// <summary>
/// Which state a list shows, and after which object it begins: the newest, one that is not older than a version, exactly that of a version, or the
/// one that an earlier page showed (https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-versions).
/// </summary>
internal sealed record ListStart(ImmutableSortedDictionary<string, StoredObject> Objects, long Version, string? After)
{
    /// <summary>As long as the API server waits for a version that is yet to come.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(3);

    private const string Expired = "The resourceVersion for the provided list is too old.";
    private const string Inconsistent =
        "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue "
        + "token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were "
        + "created, modified, or deleted between the time the first chunk was returned and now may show up in the list.";

    public static async Task<ListStart> OfAsync(ApiRequest request, ObjectStore store, bool limited)
    {
        Check(request);
        var given = request.Parameter("resourceVersion") ?? "";
        if (request.Parameter("continue") is { Length: > 0 } token)
        {
            return given is "" or "0" ? Continue(request.Type, token, store) : throw ApiErrors.BadRequest("specifying resource version is not allowed when using continue");
        }

        var wanted = given.Length == 0 ? 0 : ParseVersion(given);
        if (wanted > 0)
        {
            await ReachedAsync(store, wanted);
        }

        var match = request.Parameter("resourceVersionMatch") ?? "";
        if (wanted > 0 && (match == "Exact" || (match.Length == 0 && limited)))
        {
            return new ListStart(store.SnapshotAt(request.Type, wanted) ?? throw ApiErrors.Expired(Expired), wanted, null);
        }

        var (objects, version) = store.Snapshot(request.Type);
        return new ListStart(objects, version, null);
    }

    /// <summary>Waits a little for a version that is yet to come; 504 where it does not.</summary>
    public static async Task ReachedAsync(ObjectStore store, long wanted)
    {
        using var limit = new CancellationTokenSource(LongestWait);
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (store.Version < wanted)
        {
            if (limit.IsCancellationRequested)
            {
                throw ApiErrors.TooLargeVersion(wanted, store.Version);
            }

            await poll.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    /// <summary>A version as a list or get names it.</summary>
    public static long ParseVersion(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var version)
        ? version
        : throw ApiErrors.BadRequest($"invalid resource version: resourceVersion: Invalid value: \"{text}\": strconv.ParseUint: parsing \"{text}\": invalid syntax");

    private static ListStart Continue(ResourceType type, string token, ObjectStore store)
    {
        var (version, after) = ContinueToken.Read(token);
        if (version == ContinueToken.Newest)
        {
            var (objects, current) = store.Snapshot(type);
            return new ListStart(objects, current, after);
        }

        return store.SnapshotAt(type, version) is { } then
            ? new ListStart(then, version, after)
            : throw new ApiStatusException(410, "Expired", Inconsistent) { Continue = ContinueToken.Make(ContinueToken.Newest, after) };
    }

    private static void Check(ApiRequest request)
    {
        var errors = new List<FieldError>();
        if (request.Parameter("resourceVersionMatch") is { Length: > 0 } match)
        {
            var version = request.Parameter("resourceVersion") ?? "";
            if (version.Length == 0)
            {
                errors.Add(FieldError.Forbidden("resourceVersionMatch", "resourceVersionMatch is forbidden unless resourceVersion is provided"));
            }

            if (request.Parameter("continue") is { Length: > 0 })
            {
                errors.Add(FieldError.Forbidden("resourceVersionMatch", "resourceVersionMatch is forbidden when continue is provided"));
            }

            if (match is not ("Exact" or "NotOlderThan"))
            {
                errors.Add(FieldError.NotSupported("resourceVersionMatch", FieldError.Quote(match), "Exact", "NotOlderThan", ""));
            }

            if (match == "Exact" && version == "0")
            {
                errors.Add(FieldError.Forbidden("resourceVersionMatch", "resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\""));
            }
        }

        if (request.Parameter("sendInitialEvents") is not null)
        {
            errors.Add(FieldError.Forbidden("sendInitialEvents", "sendInitialEvents is forbidden for list"));
        }

        if (errors.Count > 0)
        {
            throw ApiErrors.Invalid("ListOptions", "meta.k8s.io", "", errors);
        }
    }
}
