using Workspaces.Auditor.Documents;
using Workspaces.Auditor.Feed;
using Workspaces.Auditor.Heads;
using Workspaces.Auditor.Log;
using Workspaces.Auditor.Operating;
using Workspaces.Auditor.Querying;
using Workspaces.Auditor.Reading;
using Workspaces.Auditor.Retention;
using Workspaces.Auditor.Verifying;
using Workspaces.Auditor.Views;
using Workspaces.Auditor.Webhooks;
using Workspaces.ServiceDefaults;
using Workspaces.ServiceDefaults.Authentication;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults(ServiceName.Auditor).AddApiKeyAuthentication();
builder.AddEventLog().AddLogQueue().AddFeed().AddEventsApi().AddViews().AddVerification().AddSignedHeads().AddWebhooks().AddRetention();

var app = builder.Build();
if (await OperatorCommands.TryRunAsync(app, args) is { } exitCode)
{
    return exitCode;
}

app.MapServiceDefaults();
app.MapEventsApi().MapViewsApi().MapVerifyApi().MapHeadsApi().MapExportApi().MapSubscriptionsApi().MapDocumentsApi();
await app.RunAsync();
return 0;
