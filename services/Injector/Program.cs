using Workspaces.Cluster;
using Workspaces.Cluster.Watching;
using Workspaces.Contracts;
using Workspaces.Injector.Injecting;
using Workspaces.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults(ServiceName.Injector);
builder.AddWorker<InjectionReconciler>(ServiceName.Injector, WorkspaceModel.Injection, _ => PodScope.Injected());

var app = builder.Build();
app.MapServiceDefaults();
app.Run();
