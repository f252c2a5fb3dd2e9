using System.Text.Json.Nodes;

namespace Workspaces.LocalCluster.Api;

/// <summary>A refusal, in the form that the API answers with: a meta/v1 Status with code, reason, message and details.</summary>
public sealed class ApiStatusException(int code, string reason, string message, JsonObject? details = null) : Exception(message)
{
    /// <summary>The HTTP status code.</summary>
    public int Code { get; } = code;

    /// <summary>Empty, or one of the reasons of meta/v1 StatusReason: NotFound, AlreadyExists, Conflict, Invalid, ...</summary>
    public string Reason { get; } = reason;

    /// <summary>Name, group, kind, causes and retryAfterSeconds, where they are known.</summary>
    public JsonObject? Details { get; } = details;

    /// <summary>Where a list that can no longer be continued as it was may be continued with what there is now.</summary>
    public string? Continue { get; init; }

    public bool IsNotFound => Code == 404;

    public bool IsConflict => Code == 409 && Reason == "Conflict";

    public bool IsAlreadyExists => Code == 409 && Reason == "AlreadyExists";

    /// <summary>The Status object to send.</summary>
    public JsonObject ToStatus()
    {
        var status = new JsonObject
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = Continue is null ? new JsonObject() : new JsonObject { ["continue"] = Continue },
            ["status"] = "Failure",
            ["message"] = Message,
        };
        if (Reason.Length > 0)
        {
            status["reason"] = Reason;
        }

        if (Details is not null)
        {
            status["details"] = Details.DeepClone();
        }

        status["code"] = Code;
        return status;
    }
}
