using System.Net.Sockets;
using Workspaces.LocalCluster.Node.Native;

namespace Workspaces.LocalCluster.Node.Networking;

/// <summary>Opens sockets in another network namespace. A socket belongs to the namespace of the thread that made it, wherever it is used later.</summary>
internal static class NetworkNamespace
{
    /// <param name="file">The namespace's file under /proc; null: this machine's own.</param>
    /// <param name="open">Makes the socket; runs on a thread in that namespace.</param>
    public static Task<Socket> OpenAsync(string? file, Func<Socket> open)
    {
        if (file is null)
        {
            return Task.FromResult(open());
        }

        var opened = new TaskCompletionSource<Socket>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            try
            {
                using var handle = File.OpenHandle(file);
                Libc.EnterNamespace(handle, Libc.CloneNewNetwork);
                opened.SetResult(open());
            }
            catch (Exception e)
            {
                opened.SetException(e);
            }
        }, maxStackSize: 128 * 1024)
        { IsBackground = true, Name = "network namespace" }.Start();
        return opened.Task;
    }
}
