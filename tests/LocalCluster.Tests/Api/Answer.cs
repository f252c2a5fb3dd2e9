using System.Net;
using System.Text.Json.Nodes;
using Xunit;

namespace Workspaces.LocalCluster.Tests.Api;

/// <summary>What the API answered: status code, body and the texts of its Warning headers.</summary>
internal sealed record Answer(HttpStatusCode Code, JsonObject Body, IReadOnlyList<string> Warnings)
{
    /// <summary>The message of a Status.</summary>
    public string? Message => (string?)Body["message"];

    /// <summary>The body of a request that succeeded.</summary>
    public JsonObject Ok()
    {
        Assert.True((int)Code is 200 or 201, $"{Code}: {Message}");
        return Body;
    }

    /// <summary>The message of a request that was refused with a code.</summary>
    public string Refused(HttpStatusCode code)
    {
        Assert.True(Code == code, $"{Code} and not {code}: {Body.ToJsonString()}");
        return Message!;
    }
}
