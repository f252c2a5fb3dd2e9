namespace Workspaces.LocalCluster.Hosting;

/// <summary>What is not part of Kubernetes: this process's health, over plain HTTP on loopback.</summary>
internal static class SideEndpoint
{
    public static async Task HandleAsync(HttpContext http)
    {
        switch (http.Request.Path.Value)
        {
            case "/health/live" or "/health/ready":
                http.Response.ContentType = "text/plain";
                await http.Response.WriteAsync("Healthy");
                break;
            default:
                http.Response.StatusCode = 404;
                await http.Response.WriteAsync("not found: /health/live, /health/ready");
                break;
        }
    }
}
