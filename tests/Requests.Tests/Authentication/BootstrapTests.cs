using Workspaces.Requests.Authentication;
using Workspaces.Requests.Tests.Running;

namespace Workspaces.Requests.Tests.Authentication;

/// <summary>The bootstrap file, and starting with something wrong.</summary>
public sealed class BootstrapTests : IDisposable
{
    private readonly string _folder = System.IO.Directory.CreateTempSubdirectory("workspaces-bootstrap-").FullName;

    public void Dispose() => System.IO.Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Read_OfAGoodFile_TakesKeysFromFilesToo()
    {
        File.WriteAllText(Path.Combine(_folder, "bot.key"), TestKeys.Bot + "\n");
        var file = BootstrapFile.Read(Write("""{"keys":[{"name":"bot","keyFile":"bot.key","scopes":["workspaces:read"]}],"users":[{"name":"eve"}]}"""));

        Assert.Equal(TestKeys.Bot, file.Keys[0].Key);
        Assert.Equal(1000, file.Users[0].Uid);
    }

    [Theory]
    [InlineData("{", "cannot be used")]
    [InlineData("""{"keys":[{"name":"a"}]}""", "give either 'key' or 'keyFile'")]
    [InlineData("""{"keys":[{"name":"a","key":"secret"}]}""", "a key is 'wsk_' and at least 32")]
    [InlineData("""{"keys":[{"name":"a","keyFile":"none"}]}""", "none")]
    [InlineData("""{"keys":[{"name":"a","key":"wsk_00000000000000000000000000000000","scopes":["workspace:read"]}]}""", "there is no scope 'workspace:read'")]
    [InlineData("""{"users":[{"name":"Eve"}]}""", "user 'Eve': /name")]
    [InlineData("""{"users":[{"name":"eve","sshKeys":["ssh-rsa x"]}]}""", "user 'eve', SSH key")]
    public void Read_OfABadFile_SaysWhatIsWrong(string text, string expected)
    {
        var path = Write(text);

        var exception = Assert.Throws<InvalidOperationException>(() => BootstrapFile.Read(path));

        Assert.Contains(path, exception.Message, StringComparison.Ordinal);
        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_OfAMissingFile_NamesTheSetting()
    {
        var exception = Assert.Throws<InvalidOperationException>(() => BootstrapFile.Read("/nonexistent/bootstrap.json"));

        Assert.Contains("Requests__BootstrapFile", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Service_WithABadBootstrapFile_EndsWithASentence()
    {
        await using var service = await RequestsProcess.RunToEndAsync(new Dictionary<string, string>
        {
            ["ConnectionStrings__postgres"] = "Host=127.0.0.1;Port=1;Username=nobody",
            ["ConnectionStrings__rabbitmq"] = "amqp://nobody:nothing@127.0.0.1:1/",
            ["Requests__BootstrapFile"] = Write("{"),
        });

        Assert.NotEqual(0, service.ExitCode);
        Assert.Contains("Requests__BootstrapFile", service.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Service_WithoutDatabaseAndGoodBlueprints_RunsAndSaysWhatIsMissing()
    {
        File.WriteAllText(Path.Combine(_folder, "bad.yaml"), "name: bad\nimge: x\n");
        await using var service = await RequestsProcess.StartAsync(new Dictionary<string, string>
        {
            ["ConnectionStrings__postgres"] = "Host=127.0.0.1;Port=1;Username=nobody",
            ["ConnectionStrings__rabbitmq"] = "amqp://nobody:nothing@127.0.0.1:1/",
            ["Blueprints__Folder"] = _folder,
        });
        using var client = new HttpClient { BaseAddress = service.Address };

        using var live = await client.GetAsync("/health/live");
        await live.ShouldBeAsync(System.Net.HttpStatusCode.OK);
        using var ready = await client.GetAsync("/health/ready");
        var report = (await ready.ShouldBeAsync(System.Net.HttpStatusCode.ServiceUnavailable)).ToJsonString();
        Assert.Contains("bad.yaml:2:1", report, StringComparison.Ordinal);
        Assert.Contains("database", report, StringComparison.Ordinal);

        client.DefaultRequestHeaders.Add("Authorization", $"Bearer {TestKeys.Alice}");
        using var answer = await client.GetAsync("/v1/workspaces");
        await answer.ShouldBeProblemAsync(System.Net.HttpStatusCode.ServiceUnavailable, "authentication-unavailable");
        Assert.Null(service.ExitCode);
    }

    private string Write(string text)
    {
        var path = Path.Combine(_folder, "bootstrap.json");
        File.WriteAllText(path, text);
        return path;
    }
}
