using Workspaces.Requests.Authentication;
using Workspaces.Requests.Blueprints;
using Workspaces.Requests.Directory;
using Workspaces.Requests.Http;
using Workspaces.Requests.Lifetimes;
using Workspaces.Requests.Publishing;
using Workspaces.Requests.Storage;
using Workspaces.Requests.Users;
using Workspaces.Requests.Users.Api;
using Workspaces.Requests.Workspaces;
using Workspaces.Requests.Workspaces.Api;
using Workspaces.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults(ServiceName.Requests);
builder.AddStorage().AddMessaging().AddAuthentication();
builder.AddBlueprints().AddUsers().AddWorkspaces().AddLifetimes().AddApiDocument();

var app = builder.Build();
app.MapServiceDefaults();
app.MapWorkspacesApi().MapBlueprintsApi().MapUsersApi().MapApiKeysApi();
app.MapDirectoryApi().MapIntrospectionApi().MapApiDocument();
app.Run();
