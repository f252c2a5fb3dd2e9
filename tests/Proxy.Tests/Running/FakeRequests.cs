using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Workspaces.Contracts;
using Workspaces.ServiceDefaults.Directory;

namespace Workspaces.Proxy.Tests.Running;

/// <summary>Stands in for Requests: a directory that tests fill, and answers to requests for workspaces that tests choose. Real HTTP on loopback.</summary>
internal sealed class FakeRequests : IAsyncDisposable
{
    public const string ApiKey = "wsk_proxy";

    private readonly WebApplication _app;

    private FakeRequests(WebApplication app) => _app = app;

    public ConcurrentDictionary<string, DirectoryUser> Users { get; } = new();

    public ConcurrentDictionary<string, DirectoryWorkspace> Workspaces { get; } = new();

    public ConcurrentDictionary<Guid, InstanceUp> Instances { get; } = new();

    /// <summary>What was asked for, in order.</summary>
    public ConcurrentQueue<Asked> Requests { get; } = new();

    /// <summary>Answers <c>POST /v1/workspaces</c>.</summary>
    public Func<Asked, IResult> OnCreate { get; set; } = _ => Problem(422, "No blueprint has that name.");

    /// <summary>Answers <c>POST /v1/workspaces/{id}/start</c>.</summary>
    public Func<string, IResult> OnStart { get; set; } = id => Results.Json(new { id }, statusCode: 202);

    public Uri Url => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    public static IResult Problem(int status, string detail) => Results.Problem(detail, statusCode: status);

    public static async Task<FakeRequests> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.ConfigureHttpJsonOptions(options => ContractsJson.Apply(options.SerializerOptions));
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        var fake = new FakeRequests(app);
        app.Use(async (context, next) =>
        {
            if (context.Request.Headers.Authorization != $"Bearer {ApiKey}")
            {
                context.Response.StatusCode = (int)HttpStatusCode.Unauthorized;
                return;
            }

            await next(context);
        });
        app.MapGet("/internal/v1/directory", () => new DirectorySnapshot
        {
            Users = [.. fake.Users.Values],
            Workspaces = [.. fake.Workspaces.Values],
            Instances = [.. fake.Instances.Values],
        });
        app.MapPost("/v1/workspaces", (HttpContext context, Body body) =>
        {
            var asked = new Asked(
                body.Name, body.Blueprint, body.Target,
                context.Request.Headers["On-Behalf-Of"].ToString(), context.Request.Headers["Idempotency-Key"].ToString());
            fake.Requests.Enqueue(asked);
            return fake.OnCreate(asked);
        });
        app.MapPost("/v1/workspaces/{id}/start", (string id) => fake.OnStart(id));
        app.MapGet("/v1/workspaces/{id}", (string id) =>
            fake.Workspaces.Values.FirstOrDefault(workspace => workspace.Id == id || workspace.Name == id) is { } found
                ? Results.Json(new { id = found.Id, owner = found.Owner })
                : Problem(404, "There is no such workspace."));
        await app.StartAsync();
        return fake;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    public sealed record Asked(string Name, string Blueprint, WorkspaceTarget? Target, string OnBehalfOf, string IdempotencyKey);

    private sealed record Body(string Name, string Blueprint, WorkspaceTarget? Target);
}
