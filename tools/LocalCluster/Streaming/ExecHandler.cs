using System.Text.Json;
using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Pods;
using Workspaces.LocalCluster.Serving;
using Workspaces.LocalCluster.Storage;

namespace Workspaces.LocalCluster.Streaming;

/// <summary>
/// Answers exec and attach: joins a WebSocket's channels to a process's streams. Channels: 0 standard input, 1 output, 2 error, 3 the outcome
/// as a Status, 4 terminal sizes, 255 (version 5) closes the channel that it names.
/// </summary>
internal sealed class ExecHandler(ObjectStore store, IServiceProvider services)
{
    private const byte Stdin = 0;
    private const byte Stdout = 1;
    private const byte Stderr = 2;
    private const byte Outcome = 3;
    private const byte Resize = 4;
    private const byte Close = 255;

    public async Task HandleAsync(ApiRequest request, bool attach)
    {
        if (request.Http.Request.Method is not ("GET" or "POST"))
        {
            throw ApiErrors.MethodNotAllowed();
        }

        var exec = ReadRequest(request, attach);
        var target = PodTarget.Of(request, store);
        ChannelSocket.RequireUpgrade(request.Http);
        var streams = PodStreamsOf(services);
        var ct = request.Http.RequestAborted;

        // The connection first, then the process: a refusal travels as the outcome, where a client on a WebSocket looks for it.
        using var socket = await ChannelSocket.AcceptAsync(request.Http);
        try
        {
            await using var process = attach
                ? await streams.AttachAsync(target.Namespace, target.Pod, target.Container, exec, ct)
                : await streams.ExecAsync(target.Namespace, target.Pod, target.Container, exec, ct);
            await RunAsync(socket, process, exec, ct);
        }
        catch (ApiStatusException e)
        {
            await socket.SendAsync(Outcome, JsonSerializer.SerializeToUtf8Bytes(e.ToStatus(), ApiJson.Options), ct);
            await socket.CloseAsync(DrainAsync(socket, ct));
        }
    }

    /// <summary>The node, or 503 where this cluster runs none.</summary>
    public static IPodStreams PodStreamsOf(IServiceProvider services) =>
        services.GetService<IPodStreams>() ?? throw new ApiStatusException(503, "ServiceUnavailable", "this LocalCluster runs without a node (--no-node)");

    private static ExecRequest ReadRequest(ApiRequest request, bool attach)
    {
        bool Asked(string name) => request.Parameter(name) is "true" or "1";
        var command = request.Query["command"].Select(c => c ?? "").ToList();
        var exec = new ExecRequest(attach ? [] : command, Asked("stdin"), Asked("stdout"), Asked("stderr") && !Asked("tty"), Asked("tty"));
        if (!attach && command.Count == 0)
        {
            throw ApiErrors.BadRequest("you must specify at least one command for the container");
        }

        return exec is { Stdin: false, Stdout: false, Stderr: false }
            ? throw ApiErrors.BadRequest("you must specify at least 1 of stdin, stdout, stderr")
            : exec;
    }

    private static async Task RunAsync(ChannelSocket socket, IContainerProcess process, ExecRequest exec, CancellationToken aborted)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(aborted);

        // An empty message tells the client that the streams are there.
        await socket.SendAsync(Stdout, ReadOnlyMemory<byte>.Empty, ending.Token);
        var input = ReadClientAsync(socket, process, exec, ending.Token);
        var output = Task.WhenAll(
            exec.Stdout ? socket.PumpAsync(process.StandardOutput, Stdout, ending.Token) : Task.CompletedTask,
            exec.Stderr ? socket.PumpAsync(process.StandardError, Stderr, ending.Token) : Task.CompletedTask);
        var finished = FinishAsync(output, process);
        try
        {
            if (await Task.WhenAny(finished, input) == input)
            {
                await input;
                return;
            }

            await socket.SendAsync(Outcome, JsonSerializer.SerializeToUtf8Bytes(await finished, ApiJson.Options), ending.Token);
            await socket.CloseAsync(input);
        }
        catch (OperationCanceledException) when (aborted.IsCancellationRequested)
        {
            // The client is gone: disposing the process is all that is left to do.
        }
        finally
        {
            await ending.CancelAsync();
        }
    }

    /// <summary>Output first and to its end, then the outcome: nothing that the process wrote is lost.</summary>
    private static async Task<JsonObject> FinishAsync(Task output, IContainerProcess process)
    {
        try
        {
            await output;
            return StatusOf(await process.ExitCode);
        }
        catch (ApiStatusException e)
        {
            // It could not be started after all, such as a command that does not exist.
            return e.ToStatus();
        }
    }

    /// <summary>Carries what the client sends to the process, until the client is gone.</summary>
    private static async Task ReadClientAsync(ChannelSocket socket, IContainerProcess process, ExecRequest exec, CancellationToken ct)
    {
        var open = exec.Stdin;
        while (await socket.ReceiveAsync(ct) is { } message)
        {
            switch (message.Channel)
            {
                case Stdin when open:
                    try
                    {
                        await process.StandardInput.WriteAsync(message.Data, ct);
                        await process.StandardInput.FlushAsync(ct);
                    }
                    catch (IOException)
                    {
                        // The process no longer reads, as a shell's `head` does not: the rest of its input goes nowhere.
                        open = false;
                    }

                    break;
                case Resize:
                    await ResizeAsync(process, message.Data, ct);
                    break;
                case Close when socket.CanCloseStreams && message.Data.Length > 0 && message.Data.Span[0] == Stdin && open:
                    open = false;
                    await process.StandardInput.DisposeAsync();
                    break;
            }
        }
    }

    private static async Task DrainAsync(ChannelSocket socket, CancellationToken ct)
    {
        while (await socket.ReceiveAsync(ct) is not null)
        {
            // Nobody is left to read it.
        }
    }

    private static Task ResizeAsync(IContainerProcess process, ReadOnlyMemory<byte> data, CancellationToken ct)
    {
        try
        {
            var size = JsonNode.Parse(data.Span);
            return size.Number("Width") is > 0 and var width && size.Number("Height") is > 0 and var height
                ? process.ResizeAsync((int)width, (int)height, ct)
                : Task.CompletedTask;
        }
        catch (JsonException)
        {
            // A size that cannot be read changes nothing; the next one may.
            return Task.CompletedTask;
        }
    }

    private static JsonObject StatusOf(int code) => code == 0
        ? new JsonObject { ["metadata"] = new JsonObject(), ["status"] = "Success" }
        : new JsonObject
        {
            ["metadata"] = new JsonObject(),
            ["status"] = "Failure",
            ["message"] = $"command terminated with non-zero exit code: exit status {code}",
            ["reason"] = "NonZeroExitCode",
            ["details"] = new JsonObject { ["causes"] = new JsonArray(new JsonObject { ["reason"] = "ExitCode", ["message"] = $"{code}" }) },
        };
}
