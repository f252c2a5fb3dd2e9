using Workspaces.Auditor.Log;
using Workspaces.Auditor.Querying;
using Workspaces.Auditor.Reading;
using Workspaces.ServiceDefaults;
using Workspaces.ServiceDefaults.Authentication;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults(ServiceName.Auditor);
builder.AddApiKeyAuthentication();
builder.AddEventLog();
builder.AddLogQueue();

var app = builder.Build();

app.MapServiceDefaults();
app.MapEventsApi();

await app.RunAsync();
