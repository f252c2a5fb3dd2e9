using System.Buffers.Text;
using System.Text;
using Workspaces.Contracts;
using Workspaces.Proxy.LoginNames;
using Xunit;

namespace Workspaces.Proxy.Tests.LoginNames;

public sealed class LoginNameParserTests
{
    [Theory]
    [InlineData("payments-debug", "payments-debug")]
    [InlineData("payments-debug.2", "payments-debug.2")]
    [InlineData("payments-debug.x2k4q", "payments-debug.x2k4q")]
    [InlineData("payments-debug.ask", "payments-debug.ask")]
    [InlineData("alice", "alice")]
    [InlineData("alice~dev", "alice~dev")]
    [InlineData("alice~ws=payments-debug,replica=2", "alice~ws=payments-debug,replica=2")]
    [InlineData("alice~pod=payments-debug", "alice~ws=payments-debug")]
    [InlineData("alice~debug,workload=deployment.payments,ns=shop", "alice~debug,workload=deployment.payments,ns=shop")]
    [InlineData("alice~debug,ns=shop,workload=deployment/payments", "alice~debug,workload=deployment.payments,ns=shop")]
    [InlineData("alice~debug+workload=deploy.payments+ns=shop+mode=live", "alice~debug,workload=deployment.payments,ns=shop,mode=live")]
    [InlineData("alice~debug workload=sts.db ns=shop", "alice~debug,workload=statefulset.db,ns=shop")]
    [InlineData("alice~workload=ds.logs,ns=infra,mode=rollout", "alice~workload=daemonset.logs,ns=infra,mode=rollout")]
    [InlineData("alice~dev,user=root", "alice~dev,user=root")]
    [InlineData("alice%7Edev%2Cws%3Dmine", "alice~dev,ws=mine")]
    [InlineData("alice~dev%2Bws=mine", "alice~dev,ws=mine")]
    [InlineData("b64-YWxpY2V-ZGV2", "alice~dev")]
    public void Parse_EveryFormOfTheGrammar_IsReadAsItsCanonicalForm(string login, string canonical)
    {
        var result = LoginNameParser.Parse(login);

        Assert.True(result.IsValid, result.Refusal);
        Assert.Equal(canonical, result.Name.ToString());
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("alice~", "after the '~'")]
    [InlineData("~dev", "name of the user is missing")]
    [InlineData("alice~dev~more", "one '~'")]
    [InlineData("Alice", "lower-case")]
    [InlineData("alice.", "cannot be a replica")]
    [InlineData("alice..2", "cannot be a replica")]
    [InlineData("alice,ws=x", "no user")]
    [InlineData("alice~dev,", "not an option")]
    [InlineData("alice~dev,second", "not an option")]
    [InlineData("alice~nokey=1", "nokey")]
    [InlineData("alice~ws=a,ws=b", "twice")]
    [InlineData("alice~ws=a,pod=b", "twice")]
    [InlineData("alice~ws=", "missing")]
    [InlineData("alice~workload=payments,ns=shop", "KIND.NAME|deployment.NAME")]
    [InlineData("alice~workload=job.payments,ns=shop", "deployment.NAME")]
    [InlineData("alice~workload=deployment.payments", "ns=NAMESPACE")]
    [InlineData("alice~dev,ns=shop", "workload=KIND.NAME")]
    [InlineData("alice~dev,mode=live", "workload=KIND.NAME")]
    [InlineData("alice~workload=deploy.p,ns=shop,mode=fast", "mode=rollout or mode=live")]
    [InlineData("alice~dev,user=Root!", "POSIX user")]
    [InlineData("alice~dev,replica=a/b", "cannot be a replica")]
    [InlineData("alice%7", "'%'")]
    [InlineData("alice%zz", "'%'")]
    [InlineData("alice%ff", "'%'")]
    [InlineData("alice%0a", "control characters")]
    [InlineData("b64-***", "base64url")]
    [InlineData("b64-", "empty")]
    [InlineData("alice\u001b[31m", "control characters")]
    public void Parse_WhatTheGrammarDoesNotHave_IsRefusedWithWhatToDo(string login, string expected)
    {
        var result = LoginNameParser.Parse(login);

        Assert.False(result.IsValid);
        Assert.Contains(expected.Split('|'), part => result.Refusal.Contains(part, StringComparison.Ordinal));
    }

    [Fact]
    public void Parse_Base64InsideBase64_IsNotUnwrappedTwice()
    {
        var twice = Wrap(Wrap("alice~dev"));

        var result = LoginNameParser.Parse(twice);

        Assert.Equal(new BareLogin(Wrap("alice~dev").ToLowerInvariant(), null), LoginNameParser.Parse(Wrap(Wrap("alice~dev").ToLowerInvariant())).Name);
        Assert.False(result.IsValid); // the inner wrapping has upper-case letters, which no name has
    }

    [Fact]
    public void Parse_LongerThanAllowed_IsRefused()
    {
        Assert.False(LoginNameParser.Parse("alice~ws=" + new string('a', 250)).IsValid);
        Assert.False(LoginNameParser.Parse(new string('a', 64)).IsValid);
        Assert.True(LoginNameParser.Parse(new string('a', 63)).IsValid);
    }

    [Fact]
    public void Parse_AnyLoginOfTheGrammar_ReadsItsOwnCanonicalFormInEveryEncoding()
    {
        var random = new Random(20261123);
        for (var i = 0; i < 20_000; i++)
        {
            var login = RandomLogin.Next(random);
            var text = login.ToString()!;

            Assert.Equal(login, LoginNameParser.Parse(text).Name);
            Assert.Equal(login, LoginNameParser.Parse(text.Replace(',', '+')).Name);
            Assert.Equal(login, LoginNameParser.Parse(text.Replace(',', ' ')).Name);
            Assert.All(text, c => Assert.True(char.IsAsciiLetterOrDigit(c) || "-._~=,".Contains(c), text));
            if (Wrap(text) is { Length: <= LoginName.MaxLength } wrapped)
            {
                Assert.Equal(login, LoginNameParser.Parse(wrapped).Name);
            }

            if (Escape(text, random) is { Length: <= LoginName.MaxLength } escaped)
            {
                Assert.Equal(login, LoginNameParser.Parse(escaped).Name);
            }
        }
    }

    [Fact]
    public void Parse_Anything_EndsWithANameOrAPrintableSentence()
    {
        var random = new Random(411);
        const string Bits = "~~~...,,,===+++ %%2Cb64-wsnpodworkloadreplicamodeuserALICE\0\n\u001b\u00e9\ud800\udc00/alice-dev0123456789";
        for (var i = 0; i < 200_000; i++)
        {
            var text = new StringBuilder();
            if (random.Next(4) == 0)
            {
                text.Append(RandomLogin.Next(random));
            }

            for (var length = random.Next(20); length > 0; length--)
            {
                text.Insert(random.Next(text.Length + 1), Bits[random.Next(Bits.Length)]);
            }

            var result = LoginNameParser.Parse(text.ToString());

            if (result.IsValid)
            {
                Assert.Equal(result.Name, LoginNameParser.Parse(result.Name.ToString()!).Name);
            }
            else
            {
                Assert.All(result.Refusal, c => Assert.InRange(c, ' ', '~'));
                Assert.InRange(result.Refusal.Length, 20, 400);
            }
        }
    }

    private static string Wrap(string text) => "b64-" + Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    private static string Escape(string text, Random random) =>
        string.Concat(text.Select(c => random.Next(3) == 0 ? $"%{(int)c:X2}" : c.ToString()));
}

/// <summary>Logins drawn from the whole grammar.</summary>
internal static class RandomLogin
{
    private const string Letters = "abcdefghijklmnopqrstuvwxyz0123456789";

    public static LoginName Next(Random random)
    {
        if (random.Next(3) == 0)
        {
            return new BareLogin(Label(random), Maybe(random, () => new ReplicaSelector(Label(random))));
        }

        var workload = Maybe(random, () => new WorkloadName(Pick(random, "Deployment", "StatefulSet", "DaemonSet"), Label(random)));
        var spec = new LoginSpec
        {
            Blueprint = Maybe(random, () => Label(random)),
            Workspace = Maybe(random, () => Label(random)),
            Workload = workload,
            Namespace = workload is null ? null : Label(random),
            Mode = workload is not null && random.Next(2) == 0 ? Pick(random, InjectionMode.Live, InjectionMode.Rollout) : null,
            Replica = Maybe(random, () => new ReplicaSelector(Pick(random, "ask", "3", Label(random)))),
            PosixUser = Maybe(random, () => "u" + Label(random)),
        };
        return new UserLogin(Label(random), spec == new LoginSpec() ? spec with { Blueprint = Label(random) } : spec);
    }

    public static string Label(Random random)
    {
        var label = string.Concat(Enumerable.Range(0, random.Next(1, 12)).Select(_ => Letters[random.Next(Letters.Length)]));

        // "b64-" at the beginning means something else.
        return random.Next(2) == 0 && label != "b64" ? $"{label}-{Letters[random.Next(26)]}" : label;
    }

    private static T Pick<T>(Random random, params T[] choices) => choices[random.Next(choices.Length)];

    private static T? Maybe<T>(Random random, Func<T> make)
        where T : class => random.Next(2) == 0 ? make() : null;
}
