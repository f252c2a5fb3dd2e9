namespace Workspaces.Support;

/// <summary>A broker for tests: its AMQP address with an administrator's name and password, and its management API.</summary>
internal sealed record RabbitMqTestServer(Uri Amqp, Uri Management)
{
    /// <summary>Administrator.</summary>
    public string UserName => Uri.UnescapeDataString(Amqp.UserInfo.Split(':')[0]);

    /// <summary>The administrator's password.</summary>
    public string Password => Uri.UnescapeDataString(Amqp.UserInfo.Split(':')[1]);
}
