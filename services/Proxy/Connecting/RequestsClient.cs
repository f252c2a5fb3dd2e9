using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Workspaces.Contracts;
using Workspaces.Proxy.LoginNames;

namespace Workspaces.Proxy.Connecting;

/// <summary>Asks Requests for workspaces, on behalf of the person who logs in.</summary>
public sealed class RequestsClient(HttpClient http)
{
    /// <summary>
    /// Asks for a workspace. Asking the same again, by this or another Proxy, makes no second one: the idempotency key follows from
    /// what is asked.
    /// </summary>
    /// <param name="owner">Whose it will be.</param>
    /// <param name="name">Name of the workspace.</param>
    /// <param name="recipe">How to make it.</param>
    /// <param name="after">Id of the workspace of that name that is known to be gone, so that its answer is not given again.</param>
    /// <param name="cancellationToken">Ends the call, not what it started.</param>
    /// <exception cref="HttpRequestException">Requests did not answer, or not in its right mind: worth another try.</exception>
    public async Task<RequestAnswer> CreateAsync(
        string owner, string name, WorkspaceRecipe recipe, string? after, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "v1/workspaces")
        {
            Content = JsonContent.Create(new CreateBody(name, recipe.Blueprint, recipe.Target), options: ContractsJson.Options),
        };
        request.Headers.Add("Idempotency-Key", KeyOf("create", owner, name, recipe.ToString(), after ?? ""));
        return await SendAsync(request, owner, cancellationToken);
    }

    /// <summary>Asks that a stopped or failed workspace run again.</summary>
    /// <param name="owner">Whose it is.</param>
    /// <param name="id">Id of the workspace.</param>
    /// <param name="generation">The generation that is stopped or failed.</param>
    /// <param name="cancellationToken">Ends the call, not what it started.</param>
    /// <exception cref="HttpRequestException">Requests did not answer, or not in its right mind: worth another try.</exception>
    public async Task<RequestAnswer> StartAsync(string owner, string id, long generation, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"v1/workspaces/{id}/start");
        request.Headers.Add("Idempotency-Key", KeyOf("start", owner, id, $"{generation}", ""));
        return await SendAsync(request, owner, cancellationToken);
    }

    /// <summary>Looks a workspace up.</summary>
    /// <exception cref="HttpRequestException">Requests did not answer, or not in its right mind: worth another try.</exception>
    public async Task<RequestAnswer> GetAsync(string owner, string idOrName, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"v1/workspaces/{idOrName}");
        return await SendAsync(request, owner, cancellationToken);
    }

    private static string KeyOf(params string[] parts) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts))))[..40];

    private async Task<RequestAnswer> SendAsync(HttpRequestMessage request, string owner, CancellationToken cancellationToken)
    {
        request.Headers.Add("On-Behalf-Of", owner);
        using var response = await http.SendAsync(request, cancellationToken);
        if (response.IsSuccessStatusCode)
        {
            var shown = await ReadAsync<ShownWorkspace>(response, cancellationToken);
            return shown?.Id is { Length: > 0 } id
                ? new RequestAnswer(response.StatusCode, id, shown.Owner, Detail: null)
                : throw new HttpRequestException("Requests answered without naming the workspace.");
        }

        // What the Proxy itself did wrong, or what will pass, is not for the person to read.
        if ((int)response.StatusCode >= 500
            || response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests)
        {
            throw new HttpRequestException($"Requests answered {(int)response.StatusCode}.", inner: null, response.StatusCode);
        }

        var problem = await ReadAsync<Problem>(response, cancellationToken);
        return new RequestAnswer(response.StatusCode, Id: null, Owner: null, problem?.Detail ?? problem?.Title);
    }

    private static async Task<T?> ReadAsync<T>(HttpResponseMessage response, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            return await response.Content.ReadFromJsonAsync<T>(ContractsJson.Options, cancellationToken);
        }
        catch (JsonException e)
        {
            throw new HttpRequestException($"Requests answered {(int)response.StatusCode} with what is no JSON.", e);
        }
    }

    private sealed record CreateBody(string Name, string Blueprint, WorkspaceTarget? Target);

    private sealed record ShownWorkspace(string? Id, string? Owner);

    private sealed record Problem(string? Title, string? Detail);
}

/// <summary>What Requests answered.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Id">Id of the workspace, on success.</param>
/// <param name="Owner">Its owner, on success, where the answer says so.</param>
/// <param name="Detail">What is wrong, otherwise: untrusted text.</param>
public sealed record RequestAnswer(HttpStatusCode Status, string? Id, string? Owner, string? Detail);
