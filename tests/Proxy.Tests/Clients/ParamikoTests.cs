using Workspaces.Proxy.Tests.Relaying;
using Workspaces.Support.Ssh;
using Xunit;

namespace Workspaces.Proxy.Tests.Clients;

/// <summary>Paramiko, as Debian packages it, through the relay.</summary>
public sealed class ParamikoTests
{
    private const string Script = """
        import hashlib, os, paramiko, socket, sys, threading, time
        port, key_file, folder, echo_port = int(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])
        client = paramiko.SSHClient()
        client.set_missing_host_key_policy(paramiko.AutoAddPolicy())
        client.connect("127.0.0.1", port, username="dev", key_filename=key_file, look_for_keys=False, allow_agent=False, timeout=60, banner_timeout=60, auth_timeout=60)

        # A command, its streams and its exit code.
        stdin, stdout, stderr = client.exec_command("echo out; echo err >&2; exit 42")
        assert stdout.read() == b"out\n" and stderr.read() == b"err\n" and stdout.channel.recv_exit_status() == 42

        # Four megabytes there and back.
        data = os.urandom(4_000_000)
        channel = client.get_transport().open_session()
        channel.exec_command("cat")
        sender = threading.Thread(target=lambda: (channel.sendall(data), channel.shutdown_write()))
        sender.start()
        received = hashlib.sha256()
        while chunk := channel.recv(65536):
            received.update(chunk)
        sender.join()
        assert received.digest() == hashlib.sha256(data).digest()

        # A terminal.
        channel = client.get_transport().open_session()
        channel.get_pty(width=91, height=23)
        channel.exec_command("stty size")
        assert b"23 91" in channel.makefile().read()

        # sftp.
        sftp = client.open_sftp()
        with sftp.open(folder + "/paramiko", "wb") as f:
            f.write(data)
        assert sftp.stat(folder + "/paramiko").st_size == len(data)
        with sftp.open(folder + "/paramiko", "rb") as f:
            assert f.read() == data

        # A forward there, and one back.
        there = client.get_transport().open_channel("direct-tcpip", ("127.0.0.1", echo_port), ("127.0.0.1", 1))
        there.sendall(b"ping")
        assert there.recv(4) == b"ping"
        listening = client.get_transport().request_port_forward("127.0.0.1", 0)
        with socket.create_connection(("127.0.0.1", listening)) as s:
            back = client.get_transport().accept(60)
            s.sendall(b"pong")
            assert back.recv(4) == b"pong"

        # Fifty sessions over the one connection, and new keys in between.
        for i in range(50):
            _, out, _ = client.exec_command("echo %d" % i)
            assert out.read() == b"%d\n" % i
            while not out.channel.closed:
                time.sleep(0.01)
            if i % 10 == 0:
                # With no channel about to close: Paramiko waits for itself if it must answer a close while it negotiates.
                client.get_transport().renegotiate_keys()
        print("all well")
        """;

    [Theory]
    [InlineData("ed25519", "")]
    [InlineData("ecdsa", "521")]
    [InlineData("rsa", "2048")]
    public async Task Paramiko_ByEachTypeOfKey_DoesAllThatItCan(string type, string bits)
    {
        await using var relay = await LoopbackRelay.StartAsync();
        using var target = new EchoListener();
        var key = await relay.AddKeyAsync(type, bits.Length > 0 ? ["-b", bits] : []);
        var script = Path.Combine(relay.Folder, "client.py");
        await File.WriteAllTextAsync(script, Script);

        // Debian's own Python: others do not know its packages.
        var run = await ProgramRun.RunAsync("/usr/bin/python3", [script, $"{relay.Port}", key, relay.Folder, $"{target.Port}"], timeout: TimeSpan.FromSeconds(150));

        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Equal("all well\n", run.Output);
    }
}
