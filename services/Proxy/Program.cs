using Workspaces.Proxy;
using Workspaces.Proxy.Connecting;
using Workspaces.Proxy.Directory;
using Workspaces.Proxy.Listening;
using Workspaces.Proxy.Sessions;
using Workspaces.ServiceDefaults;

try
{
    var builder = WebApplication.CreateBuilder(args);
    var options = builder.Configuration.GetSection(ProxyOptions.Section).Get<ProxyOptions>() ?? new ProxyOptions();
    builder.AddServiceDefaults(ServiceName.Proxy);
    builder.AddDirectory();
    builder.AddSessions(options);
    builder.AddConnecting(options);
    builder.AddSshListener(options);
    var app = builder.Build();
    app.MapServiceDefaults();
    await app.RunAsync();
    return 0;
}
catch (Exception e) when (StartFailure.Explain(e) is { } sentence)
{
    await Console.Error.WriteLineAsync(sentence);
    return 1;
}
