using Workspaces.Provisioner.Standalone;
using Workspaces.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults(ServiceName.Provisioner);
builder.AddStandaloneWorkspaces();

var app = builder.Build();
app.MapServiceDefaults();
app.Run();
