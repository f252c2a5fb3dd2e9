using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Workspaces.ServiceDefaults.Webhooks;
using Xunit;

namespace Workspaces.ServiceDefaults.Tests.Webhooks;

public sealed class StoredSecretsTests : IDisposable
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void Unprotect_WhatWasProtected_IsTheSecret()
    {
        var secrets = Open(NewKey());
        var (one, other) = (secrets.Protect(Secret, "sub_a"), secrets.Protect(Secret, "sub_a"));

        Assert.Equal((Secret, Secret), (secrets.Unprotect(one, "sub_a"), secrets.Unprotect(other, "sub_a")));
        Assert.NotEqual(one, other);
        Assert.DoesNotContain(Secret, one, StringComparison.Ordinal);
        Assert.True(secrets.IsCurrent(one));
    }

    [Fact]
    public void Unprotect_OnManyThreadsAtOnce_IsTheSecret()
    {
        var secrets = Open(NewKey());
        var stored = secrets.Protect(Secret, "sub_a");

        Parallel.For(0, 10_000, i =>
        {
            Assert.Equal(Secret, secrets.Unprotect(stored, "sub_a"));
            Assert.True(secrets.IsCurrent(secrets.Protect(Secret, $"sub_{i}")));
        });
    }

    [Fact]
    public void Unprotect_ForAnotherOwner_IsRefused()
    {
        var secrets = Open(NewKey());
        var stored = secrets.Protect(Secret, "sub_a");

        Assert.Contains("sub_b", Assert.Throws<InvalidOperationException>(() => secrets.Unprotect(stored, "sub_b")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(20)]
    public void Unprotect_Changed_IsRefused(int at)
    {
        var secrets = Open(NewKey());
        var stored = secrets.Protect(Secret, "sub_a").ToCharArray();
        var index = at < 0 ? stored.Length - 8 : at;
        stored[index] = stored[index] == 'A' ? 'B' : 'A';

        Assert.Throws<InvalidOperationException>(() => secrets.Unprotect(new string(stored), "sub_a"));
    }

    [Fact]
    public void Unprotect_AfterANewKeyWasPutFirst_StillReadsAndSaysThatItIsOld()
    {
        var (old, next) = (NewKey(), NewKey());
        var stored = Open(old).Protect(Secret, "sub_a");
        var secrets = Open($"{next}\n{old}\n");

        Assert.Equal(Secret, secrets.Unprotect(stored, "sub_a"));
        Assert.Equal((false, true), (secrets.IsCurrent(stored), secrets.IsCurrent(secrets.Protect(Secret, "sub_a"))));
        Assert.Single(secrets.Others);
    }

    [Fact]
    public void Unprotect_KeyIsGone_SaysWhichOneAndWhatToDo()
    {
        var before = Open(NewKey());
        var (stored, id) = (before.Protect(Secret, "sub_a"), before.Current);
        var secrets = Open(NewKey());

        Assert.False(secrets.CanRead(stored));
        var message = Assert.Throws<InvalidOperationException>(() => secrets.Unprotect(stored, "sub_a")).Message;
        Assert.All([id, "Webhooks:SecretsKeyFile", "rotate"], word => Assert.Contains(word, message, StringComparison.Ordinal));
    }

    [Fact]
    public void Unprotect_StoredBeforeSecretsWereEncrypted_IsItselfAndNotCurrent()
    {
        var secrets = Open(NewKey());

        Assert.Equal(Secret, secrets.Unprotect(Secret, "sub_a"));
        Assert.Equal((false, true), (secrets.IsCurrent(Secret), secrets.CanRead(Secret)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("sesame")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAA==")] // 16 bytes
    public void Open_NoKeyInTheFile_SaysWhichSettingAndHowToMakeOne(string text) => AssertSaysWhatToDo(() => Open(text));

    [Fact]
    public void Open_NoSetting_SaysWhichSettingAndHowToMakeOne() => AssertSaysWhatToDo(() => new StoredSecrets(Options.Create(new WebhookOptions())));

    [Fact]
    public void Open_NoFile_SaysWhichSettingAndHowToMakeOne() =>
        AssertSaysWhatToDo(() => new StoredSecrets(Options.Create(new WebhookOptions { SecretsKeyFile = _file + ".none" })));

    private static void AssertSaysWhatToDo(Func<StoredSecrets> open)
    {
        var message = Assert.Throws<InvalidOperationException>(open).Message;
        Assert.All(["Webhooks:SecretsKeyFile", "openssl rand -base64 32"], word => Assert.Contains(word, message, StringComparison.Ordinal));
    }

    private static string NewKey() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    private StoredSecrets Open(string text)
    {
        File.WriteAllText(_file, text);
        return new StoredSecrets(Options.Create(new WebhookOptions { SecretsKeyFile = _file }));
    }
}
