using Workspaces.Contracts;
using Workspaces.Proxy.Authenticating;
using Workspaces.Proxy.Routing;

namespace Workspaces.Proxy.Sessions;

/// <summary>Says whether a session may go on, from what the Proxy knows now. Pure.</summary>
public static class SessionRight
{
    /// <summary>Why the session has to end, and what to tell the person; null where it may go on.</summary>
    public static (SessionCloseReason Reason, string Sentence)? WhyToEnd(Session session, Credentials credentials, RoutingTable routes)
    {
        if (!credentials.StillHolds(session.Facts.Credential, session.Facts.User))
        {
            return (SessionCloseReason.Revoked, "The key that you logged in with no longer stands for you, so the session was ended.");
        }

        var name = session.Workspace.Identity.Name;
        var workspace = routes.Get(session.Workspace.Id);
        if (workspace is null || workspace.Status.State == WorkspaceState.Deleting)
        {
            return (SessionCloseReason.InstanceClosed, $"Workspace {name} was deleted, so the session was ended.");
        }

        if (workspace.Identity.Owner != session.Facts.User)
        {
            return (SessionCloseReason.Revoked, $"Workspace {name} is no longer yours, so the session was ended.");
        }

        return routes.InstancesOf(workspace.Id).Contains(session.Route.Id) ? null : (SessionCloseReason.InstanceClosed, WhyGone(session, routes));
    }

    /// <summary>What a person reads whose instance went away.</summary>
    public static string WhyGone(Session session, RoutingTable routes)
    {
        var pod = SafeText.OneLine(session.Route.Pod);
        var name = session.Workspace.Identity.Name;
        var state = routes.Get(session.Workspace.Id)?.Status.State;
        if (state is null or WorkspaceState.Deleting)
        {
            return $"Workspace {name} was deleted, so the session was ended.";
        }

        if (state is WorkspaceState.Stopping or WorkspaceState.Stopped)
        {
            return $"Workspace {name} was stopped, so the session was ended. Logging in starts it again.";
        }

        var why = routes.WhyDown(session.Route.Id) switch
        {
            InstanceDownReason.Terminating => "its pod was removed",
            InstanceDownReason.Crashed => "its container ended",
            InstanceDownReason.Evicted => "the cluster evicted its pod",
            InstanceDownReason.Ejected => "the workspace was taken out of the workload",
            InstanceDownReason.NodeLost => "its node was lost",
            _ => "the connection to it was lost",
        };
        return $"Instance {pod} of workspace {name} went away: {why}. Log in again to reach another one.";
    }
}
