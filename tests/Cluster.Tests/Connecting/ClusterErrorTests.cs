using System.Net;
using k8s.Autorest;
using Workspaces.Cluster.Connecting;
using Xunit;

namespace Workspaces.Cluster.Tests.Connecting;

public sealed class ClusterErrorTests
{
    [Theory]
    [InlineData(409, "AlreadyExists", ClusterErrorKind.AlreadyExists)]
    [InlineData(409, "Conflict", ClusterErrorKind.Conflict)]
    [InlineData(404, "NotFound", ClusterErrorKind.NotFound)]
    [InlineData(410, "Expired", ClusterErrorKind.Expired)]
    [InlineData(403, "Forbidden", ClusterErrorKind.Refused)]
    [InlineData(422, "Invalid", ClusterErrorKind.Refused)]
    [InlineData(501, "NotImplemented", ClusterErrorKind.Refused)]
    [InlineData(401, "Unauthorized", ClusterErrorKind.Transient)]
    [InlineData(429, "TooManyRequests", ClusterErrorKind.Transient)]
    [InlineData(500, "InternalError", ClusterErrorKind.Transient)]
    [InlineData(503, "ServiceUnavailable", ClusterErrorKind.Transient)]
    public void Of_Status_IsItsKindWithTheServersWords(int code, string reason, ClusterErrorKind kind)
    {
        var error = ClusterError.Of(Answer(
            code, $$"""{"kind":"Status","apiVersion":"v1","status":"Failure","message":"words","reason":"{{reason}}","code":{{code}}}"""));

        Assert.Equal(new ClusterError(kind, "words"), error);
    }

    [Theory]
    [InlineData(502, "<html>bad gateway</html>", ClusterErrorKind.Transient)]
    [InlineData(403, "", ClusterErrorKind.Refused)]
    [InlineData(404, "{not json", ClusterErrorKind.NotFound)]
    public void Of_AnswerThatIsNoStatus_GoesByTheHttpStatus(int code, string body, ClusterErrorKind kind) =>
        Assert.Equal(kind, ClusterError.Of(Answer(code, body))!.Kind);

    [Fact]
    public void Of_BrokenConnection_IsTransient()
    {
        Assert.True(ClusterError.Is(new HttpRequestException("refused"), ClusterErrorKind.Transient));
        Assert.True(ClusterError.Is(new IOException("reset"), ClusterErrorKind.Transient));
    }

    [Fact]
    public void Of_SomethingElse_IsNotTheClusters() => Assert.Null(ClusterError.Of(new InvalidOperationException("bug")));

    private static HttpOperationException Answer(int code, string body)
    {
        using var response = new HttpResponseMessage((HttpStatusCode)code);
        return new HttpOperationException { Response = new HttpResponseMessageWrapper(response, body) };
    }
}
