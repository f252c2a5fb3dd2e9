using Workspaces.LocalCluster;
using Workspaces.LocalCluster.Hosting;

if (args is ["--help"] or ["-h"])
{
    Console.WriteLine(CommandLine.Usage);
    return 0;
}

try
{
    await using var cluster = await LocalClusterHost.StartAsync(CommandLine.Parse(args));
    await cluster.WaitForShutdownAsync();
    return 0;
}
catch (ArgumentException e)
{
    Console.Error.WriteLine($"{e.Message}\n{CommandLine.Usage}");
    return 2;
}
catch (StartupException e)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}
