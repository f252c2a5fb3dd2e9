using Workspaces.Cluster;
using Workspaces.Cluster.Watching;
using Workspaces.Contracts;
using Workspaces.Provisioner.Standalone;
using Workspaces.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults(ServiceName.Provisioner);
builder.AddWorker<StandaloneReconciler>(
    ServiceName.Provisioner, WorkspaceModel.Standalone, options => PodScope.Standalone(options.Namespace));
builder.Services.AddSingleton<StandaloneStart>();

var app = builder.Build();
app.MapServiceDefaults();
app.Run();
