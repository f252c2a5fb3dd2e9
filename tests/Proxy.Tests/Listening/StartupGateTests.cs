using Workspaces.Proxy.Listening;
using Xunit;

namespace Workspaces.Proxy.Tests.Listening;

public sealed class StartupGateTests
{
    [Fact]
    public void Enter_BelowTheBeginning_DropsNobody()
    {
        var gate = new StartupGate(10, 20, new Random(1));
        var dropped = 0;

        for (var i = 0; i < 10; i++)
        {
            gate.Enter(() => dropped++);
        }

        Assert.Equal((0, 10), (dropped, gate.Count));
    }

    [Fact]
    public void Enter_OfManyThatStay_NeverHoldsMoreThanFull()
    {
        var gate = new StartupGate(10, 20, new Random(1));
        var dropped = 0;

        for (var i = 0; i < 10_000; i++)
        {
            gate.Enter(() => dropped++);
        }

        Assert.InRange(gate.Count, 10, 20);
        Assert.Equal(10_000 - gate.Count, dropped);
    }

    [Fact]
    public void Enter_OfALoginAmongHalfOpenOnes_AlmostNeverCostsTheLogin()
    {
        var gate = new StartupGate(100, 200, new Random(1));
        for (var i = 0; i < 10_000; i++)
        {
            gate.Enter(() => { });
        }

        // A login takes as long as ten further connections take to arrive.
        var lost = 0;
        for (var login = 0; login < 1000; login++)
        {
            var mine = gate.Enter(() => lost++);
            for (var i = 0; i < 10; i++)
            {
                gate.Enter(() => { });
            }

            mine.Dispose();
        }

        Assert.InRange(lost, 0, 100);
    }

    [Fact]
    public void Dispose_OfADroppedOne_ChangesNothing()
    {
        var gate = new StartupGate(1, 1, new Random(1));
        var first = gate.Enter(() => { });
        gate.Enter(() => { });

        first.Dispose();
        first.Dispose();

        Assert.Equal(1, gate.Count);
    }
}
