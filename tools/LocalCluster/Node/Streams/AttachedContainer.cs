using System.IO.Pipelines;
using Workspaces.LocalCluster.Node.Containers;
using Workspaces.LocalCluster.Pods;

namespace Workspaces.LocalCluster.Node.Streams;

/// <summary>A client attached to a container's own streams. Output is what comes from now on; leaving ends nothing but, where
/// the container says stdinOnce, its input.</summary>
internal sealed class AttachedContainer : IContainerProcess
{
    private readonly RunningContainer _container;
    private readonly Pipe _output = NewPipe();
    private readonly Pipe _errors = NewPipe();

    public AttachedContainer(RunningContainer container, ExecRequest request)
    {
        _container = container;
        StandardInput = !request.Stdin || !container.AcceptsInput
            ? Stream.Null
            : (container.Terminal, container.InputEndsWithClient) switch
            {
                ({ } terminal, true) => new TerminalInput(terminal.Stream),
                ({ } terminal, false) => new SharedInput(terminal.Stream),
                (null, true) => container.Process.Input,
                (null, false) => new SharedInput(container.Process.Input),
            };
        StandardOutput = request.Stdout ? _output.Reader.AsStream() : Stream.Null;
        StandardError = request.Stderr && !request.Tty ? _errors.Reader.AsStream() : Stream.Null;
        container.Log.Received += Receive;
        ExitCode = WaitAsync();
    }

    public Stream StandardInput { get; }

    public Stream StandardOutput { get; }

    public Stream StandardError { get; }

    public Task<int> ExitCode { get; }

    public Task ResizeAsync(int columns, int rows, CancellationToken ct)
    {
        _container.Terminal?.Resize(columns, rows);
        return Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        Detach();
        if (_container.InputEndsWithClient && !_container.Exit.IsCompleted)
        {
            await StandardInput.DisposeAsync();
        }
    }

    // Output must not wait for a slow client, or the container would: the pipes are unbounded.
    private static Pipe NewPipe() => new(new PipeOptions(pauseWriterThreshold: 0, useSynchronizationContext: false));

    private void Receive(bool errors, ReadOnlyMemory<byte> data)
    {
        var writer = (errors ? _errors : _output).Writer;
        lock (writer)
        {
            data.Span.CopyTo(writer.GetSpan(data.Length));
            writer.Advance(data.Length);
            writer.FlushAsync().AsTask().GetAwaiter().GetResult(); // completes at once: there is no threshold
        }
    }

    private async Task<int> WaitAsync()
    {
        var exit = await _container.Exit;
        Detach();
        return exit.ExitCode;
    }

    private void Detach()
    {
        _container.Log.Received -= Receive;
        foreach (var pipe in (Pipe[])[_output, _errors])
        {
            lock (pipe.Writer)
            {
                pipe.Writer.Complete();
            }
        }
    }
}
