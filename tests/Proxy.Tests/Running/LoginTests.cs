using Microsoft.AspNetCore.Http;
using Workspaces.Contracts;
using Workspaces.ServiceDefaults.Directory;
using Workspaces.Support.Ssh;
using Xunit;

namespace Workspaces.Proxy.Tests.Running;

/// <summary>Logins with stock ssh through a running Proxy to stock sshd.</summary>
public sealed class LoginTests(Installation installation) : IClassFixture<Installation>
{
    private RunningProxy Proxy => installation.Proxy;

    [Theory]
    [InlineData("payments")]
    [InlineData("alice~ws=payments")]
    [InlineData("alice~pod=payments")]
    [InlineData("b64-YWxpY2V-d3M9cGF5bWVudHM")]
    public async Task Exec_ByEveryFormOfTheLogin_EndsWithTheExitCodeOfTheCommand(string login)
    {
        var run = await Proxy.SshAsync(installation.Key("alice"), login, "echo out; echo err >&2; exit 42");

        Assert.Equal((42, "out\n"), (run.ExitCode, run.Output));
        Assert.Contains("err\n", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Exec_WithAMegabyteEachWay_KeepsEveryByte()
    {
        var bytes = new byte[1 << 20];
        new Random(1).NextBytes(bytes);

        var run = await Proxy.SshAsync(installation.Key("alice"), "payments", "cat", bytes);

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(bytes, run.OutputBytes);
    }

    [Fact]
    public async Task Session_FromLoginToEnd_IsInTheAuditTrail()
    {
        var marker = Guid.NewGuid().ToString("N");
        await Proxy.SshAsync(installation.Key("alice"), "payments", $"echo {marker}");

        var channel = Assert.Single(await installation.Bus.SeenAsync<ChannelOpened>(channel => channel.Detail == $"echo {marker}"));
        var opened = Assert.Single(await installation.Bus.SeenAsync<SessionOpened>(opened => opened.SessionId == channel.SessionId));
        var closed = Assert.Single(await installation.Bus.SeenAsync<SessionClosed>(closed => closed.SessionId == channel.SessionId));

        Assert.Equal((ChannelKind.Exec, "alice", "w1"), (channel.Kind, channel.User, channel.WorkspaceId));
        var fingerprint = (await StockSshd.KeygenAsync("-lf", installation.Key("alice"))).Split(' ')[1];
        Assert.Equal(fingerprint, opened.KeyFingerprint);
        Assert.StartsWith("SSH-2.0-OpenSSH_", opened.ClientVersion, StringComparison.Ordinal);
        Assert.StartsWith("127.0.0.1:", opened.ClientAddress, StringComparison.Ordinal);
        Assert.Equal(SessionCloseReason.ClientClosed, closed.Reason);
        Assert.Equal((0, marker.Length + 1), (closed.BytesFromClient, closed.BytesFromInstance));
        Assert.True(closed.Duration > TimeSpan.Zero);
    }

    [Fact]
    public async Task Login_ToAnothersWorkspace_SaysTheSameAsToNone()
    {
        var foreign = await Proxy.SshAsync(installation.Key("bob"), "payments", "true");
        var missing = await Proxy.SshAsync(installation.Key("bob"), "no-such-one", "true");
        var asAlice = await Proxy.SshAsync(installation.Key("bob"), "alice~ws=payments", "true");

        Assert.Contains("You have no workspace 'payments'.", foreign.Error, StringComparison.Ordinal);
        Assert.Contains("You have no workspace 'no-such-one'.", missing.Error, StringComparison.Ordinal);
        Assert.Contains("You have no workspace 'alice~ws=payments'.", asAlice.Error, StringComparison.Ordinal);
        Assert.All([foreign, missing, asAlice], run => Assert.Equal(255, run.ExitCode));
    }

    [Fact]
    public async Task Login_ThatCannotBeRead_SaysWhatToWrite()
    {
        var run = await Proxy.SshAsync(installation.Key("alice"), "alice~nokey=1", "true");

        Assert.Contains("'nokey=' is not known here", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Login_ToAReplicaThatIsNotThere_ListsThoseThatAre()
    {
        var run = await Proxy.SshAsync(installation.Key("alice"), "payments.99", "true");

        Assert.Contains("no usable replica '99'. There are: 1.", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Login_ToSeveralReplicas_SaysWhichAndReachesTheOneThatIsNamed()
    {
        var id = installation.NewId();
        var (first, _) = await installation.StartInstanceAsync(id, "shop-0");
        var (second, _) = await installation.StartInstanceAsync(id, "shop-1");
        await installation.Bus.PublishAsync(Facts.Requested(id, "shop", "alice"));
        await installation.Bus.PublishAsync(first);
        await installation.Bus.PublishAsync(second);
        await UsableAsync("shop.1");

        foreach (var (replica, port) in new[] { ("0", first.SshPort), ("1", second.SshPort), ("shop-1", second.SshPort) })
        {
            var run = await Proxy.SshAsync(installation.Key("alice"), $"shop.{replica}", "echo $SSH_CONNECTION");

            Assert.EndsWith($" {port}", run.Output.Trim(), StringComparison.Ordinal);
            Assert.Contains("of 2 (pod shop-", run.Error, StringComparison.Ordinal);
        }

        var asked = await Proxy.SshAsync(installation.Key("alice"), "shop.ask", "true");
        Assert.Contains("has 2 replicas: 0, 1. To go to one without being asked: shop.0@...", asked.Error, StringComparison.Ordinal);
        Assert.Equal(255, asked.ExitCode);

        // With somebody to answer, the same login gets there.
        var answer = Path.Combine(installation.Folder, "answer");
        await File.WriteAllTextAsync(answer, "#!/bin/sh\necho shop-1\n");
        File.SetUnixFileMode(answer, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var answered = await ProgramRun.RunAsync(
            "/usr/bin/env",
            [
                $"SSH_ASKPASS={answer}", "SSH_ASKPASS_REQUIRE=force", "DISPLAY=none", StockProgram.Find("ssh", "openssh-client"),
                "-o", "BatchMode=no", .. Proxy.SshArguments(installation.Key("alice"), "alice~ws=shop,replica=ask"), "echo $SSH_CONNECTION",
            ],
            timeout: TimeSpan.FromSeconds(90));
        Assert.True(answered.Output.Trim().EndsWith($" {second.SshPort}", StringComparison.Ordinal), answered.Error);
    }

    [Fact]
    public async Task Login_ForAWorkspaceThatDoesNotExist_AsksOnceWaitsAndArrives()
    {
        var id = installation.NewId();
        installation.Requests.OnCreate = asked =>
        {
            installation.Requests.Workspaces[id] = Facts.Known(id, asked.Name, asked.OnBehalfOf, 1, WorkspaceState.Requested);
            return Results.Json(new { id, owner = asked.OnBehalfOf }, statusCode: StatusCodes.Status202Accepted);
        };

        var logins = Enumerable.Range(0, 3).Select(_ => Proxy.SshAsync(installation.Key("alice"), "alice~dev", "echo arrived")).ToList();
        await Eventually.TrueAsync(() => Task.FromResult(installation.Requests.Requests.Any(asked => asked.Name == "alice-dev")), "the request");
        await installation.Bus.PublishAsync(Facts.Requested(id, "alice-dev", "alice"));
        await installation.Bus.PublishAsync(new WorkspaceProgressed
        {
            EventId = Guid.NewGuid(),
            OccurredAt = Facts.Time(2),
            WorkspaceId = id,
            Generation = 1,
            Stage = WorkspaceStage.Pulling,
            Message = "Fetching the image\u001b[31m.",
        });
        await Task.WhenAny(logins.Append(Task.Delay(TimeSpan.FromSeconds(3)))); // several signs of life
        Assert.DoesNotContain(logins, login => login.IsCompleted);
        var (up, _) = await installation.StartInstanceAsync(id);
        await installation.Bus.PublishAsync(up);

        foreach (var run in await Task.WhenAll(logins))
        {
            Assert.Equal((0, "arrived\n"), (run.ExitCode, run.Output));
            Assert.Contains("Workspace alice-dev: Fetching the image", run.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("\u001b", run.Error, StringComparison.Ordinal);
        }

        var request = installation.Requests.Requests.Where(asked => asked.Name == "alice-dev").DistinctBy(asked => asked.IdempotencyKey);
        Assert.Equal(("dev", "alice"), (Assert.Single(request).Blueprint, Assert.Single(request).OnBehalfOf));
    }

    [Fact]
    public async Task Login_ForAWorkspaceThatRequestsRefuses_IsToldWhy()
    {
        installation.Requests.OnCreate = _ => FakeRequests.Problem(422, "There is no blueprint 'dve'. Did you mean 'dev'?");

        var run = await Proxy.SshAsync(installation.Key("alice"), "alice~dve", "true");

        Assert.Equal(255, run.ExitCode);
        Assert.Contains("Workspace alice-dve was refused: There is no blueprint 'dve'. Did you mean 'dev'?", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Login_ForAWorkspaceThatFailsToComeUp_IsToldWhy()
    {
        var id = installation.NewId();
        installation.Requests.OnCreate = asked =>
        {
            installation.Requests.Workspaces[id] = Facts.Known(id, asked.Name, asked.OnBehalfOf, 1, WorkspaceState.Requested);
            return Results.Json(new { id, owner = asked.OnBehalfOf }, statusCode: StatusCodes.Status202Accepted);
        };

        var login = Proxy.SshAsync(installation.Key("alice"), "alice~broken", "true");
        await Eventually.TrueAsync(() => Task.FromResult(installation.Requests.Requests.Any(asked => asked.Name == "alice-broken")), "the request");
        await installation.Bus.PublishAsync(Facts.Requested(id, "alice-broken", "alice") with { Blueprint = new() { Name = "broken" } });
        await installation.Bus.PublishAsync(new WorkspaceFailed
        {
            EventId = Guid.NewGuid(),
            OccurredAt = Facts.Time(3),
            WorkspaceId = id,
            Generation = 1,
            Reason = FailureReason.ImagePull,
            Message = "The image cannot be pulled.",
        });

        Assert.Contains("Workspace alice-broken could not come up: The image cannot be pulled.", (await login).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Login_ToAStoppedWorkspace_StartsIt()
    {
        var (up, _) = await installation.PublishWorkspaceAsync("sleepy", "alice");
        await UsableAsync("sleepy");
        await installation.Bus.PublishAsync(new WorkspaceStopped { EventId = Guid.NewGuid(), OccurredAt = Facts.Time(5), WorkspaceId = up.WorkspaceId, Generation = 2 });
        var (again, _) = await installation.StartInstanceAsync(up.WorkspaceId);
        installation.Requests.OnStart = id =>
        {
            installation.Bus.PublishAsync(new WorkspaceStartRequested
            {
                EventId = Guid.NewGuid(),
                OccurredAt = Facts.Time(6),
                WorkspaceId = id,
                Generation = 3,
                Model = WorkspaceModel.Standalone,
                RequestedBy = "alice",
                Reason = ChangeReason.User,
            }).GetAwaiter().GetResult();
            installation.Bus.PublishAsync(again with { Generation = 3 }).GetAwaiter().GetResult();
            return Results.Json(new { id, owner = "alice" }, statusCode: StatusCodes.Status202Accepted);
        };

        await Eventually.TrueAsync(async () =>
            (await Proxy.SshAsync(installation.Key("alice"), "sleepy", "echo $SSH_CONNECTION")).Output.TrimEnd().EndsWith($" {again.SshPort}", StringComparison.Ordinal), "the restarted workspace");
    }

    [Fact]
    public async Task Login_ToAnInstanceWithAnotherHostKey_IsRefusedAndTheRouteQuarantined()
    {
        var (up, _) = await installation.StartInstanceAsync("w1");
        var id = installation.NewId();
        await installation.Bus.PublishAsync(Facts.Requested(id, "forged", "alice"));
        await installation.Bus.PublishAsync(up with { WorkspaceId = id, HostKey = installation.PublicKey("mallory") });

        var first = await UntilKnownAsync("forged");

        Assert.Contains("announced", first.Error, StringComparison.Ordinal);
        Assert.Equal(255, first.ExitCode);
        Assert.Contains("has another host key than announced", Proxy.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Login_ToAnInstanceOfAnotherWorkspace_IsNotLetInByItsSshd()
    {
        // A pod forged with another's id: the certificate is for one workspace, and the sshd of the other takes only its own.
        var (other, _) = await installation.StartInstanceAsync("w1");
        var id = installation.NewId();
        await installation.Bus.PublishAsync(Facts.Requested(id, "swapped", "alice"));
        await installation.Bus.PublishAsync(other with { WorkspaceId = id, InstanceId = Guid.NewGuid() });

        var run = await UntilKnownAsync("swapped");

        Assert.Contains("did not let you in", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Login_ToAnInstanceThatDoesNotAnswer_SaysSo()
    {
        var (up, sshd) = await installation.PublishWorkspaceAsync("unreachable", "alice");
        await UsableAsync("unreachable");
        await sshd.StopAsync();

        var run = await Proxy.SshAsync(installation.Key("alice"), "unreachable", "true");

        Assert.Contains($"Instance {up.Pod.Name} cannot be reached.", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Login_WithAKeyThatWasJustRegistered_Works()
    {
        await StockSshd.KeygenAsync("-q", "-t", "ecdsa", "-b", "384", "-N", "", "-f", installation.Key("bob2"));
        installation.Requests.Users["bob"] = new DirectoryUser("bob", 2, [installation.PublicKey("bob"), installation.PublicKey("bob2")]);
        await installation.Bus.PublishAsync(Facts.Keys("bob", 2, installation.PublicKey("bob"), installation.PublicKey("bob2")));

        await Eventually.TrueAsync(async () =>
            (await Proxy.SshAsync(installation.Key("bob2"), "nothing", "true")).Error.Contains("You have no workspace", StringComparison.Ordinal), "the new key");
    }

    private Task UsableAsync(string login) =>
        Eventually.TrueAsync(async () => (await Proxy.SshAsync(installation.Key("alice"), login, "true")).ExitCode == 0, $"{login} to be usable");

    /// <summary>The first answer that is not about a workspace the Proxy has not heard of yet.</summary>
    private Task<ProgramRun> UntilKnownAsync(string login) => Eventually.FindAsync(async () =>
    {
        var run = await Proxy.SshAsync(installation.Key("alice"), login, "true");
        return run.Error.Contains("You have no workspace", StringComparison.Ordinal) ? null : run;
    }, $"{login} to be known");
}
