using Workspaces.LocalSuite;
using Workspaces.LocalSuite.CommandLine;
using Workspaces.LocalSuite.Commands;
using Workspaces.LocalSuite.Layout;

try
{
    var options = SuiteOptions.Parse(args, Environment.GetEnvironmentVariable);
    if (options.Action == SuiteAction.Help)
    {
        Console.WriteLine(SuiteOptions.Usage);
        return 0;
    }

    var layout = SuiteLayout.Of(options);
    return options.Action switch
    {
        SuiteAction.Run => await RunCommand.ExecuteAsync(layout, Console.Out),
        SuiteAction.Detach => await DetachCommand.ExecuteAsync(layout, args, Console.Out),
        SuiteAction.Status => await StatusCommand.ExecuteAsync(layout, Console.Out),
        SuiteAction.Stop => await StopCommand.ExecuteAsync(layout, Console.Out),
        SuiteAction.Reset => await ResetCommand.ExecuteAsync(layout, Console.Out),
        _ => throw new InvalidOperationException($"No command for {options.Action}."),
    };
}
catch (Exception exception) when (exception is UsageException or SuiteException)
{
    await Console.Error.WriteLineAsync(exception.Message);
    return exception is UsageException ? 2 : 1;
}
