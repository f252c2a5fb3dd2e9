using Workspaces.Injector.Injecting;
using Workspaces.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults(ServiceName.Injector);
builder.AddInjectedWorkspaces();

var app = builder.Build();
app.MapServiceDefaults();
app.Run();
