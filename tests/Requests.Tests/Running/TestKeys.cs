namespace Workspaces.Requests.Tests.Running;

/// <summary>API keys and users that the tests begin with.</summary>
internal static class TestKeys
{
    public const string Alice = "wsk_alice0000000000000000000000000000000000000";
    public const string Bob = "wsk_bob000000000000000000000000000000000000000";
    public const string Admin = "wsk_admin0000000000000000000000000000000000000";
    public const string Everything = "wsk_everything00000000000000000000000000000000";
    public const string ReadOnly = "wsk_readonly0000000000000000000000000000000000";
    public const string Bot = "wsk_bot000000000000000000000000000000000000000";
    public const string Proxy = "wsk_proxy0000000000000000000000000000000000000";
    public const string Auditor = "wsk_auditor00000000000000000000000000000000000";
    public const string Expired = "wsk_expired00000000000000000000000000000000000";
    public const string AliceSshKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFNoSTHvdY6nNB6b3x3jh+k/OFN7xBDnk+r46oEBymLK alice@laptop";
    public const string AliceFingerprint = "SHA256:XFnf9lVRBCZ47E+rXR2VEQ9/JNup5mHhCCKaxkrpEHs";

    public const string Bootstrap =
        $$"""
        {
          "users": [
            { "name": "alice", "uid": 1501, "gid": 1500, "email": "alice@example.com", "groups": ["payments"], "sshKeys": ["{{AliceSshKey}}"] },
            { "name": "bob", "uid": 1502 },
            { "name": "root-admin", "role": "admin" }
          ],
          "keys": [
            { "name": "alice", "key": "{{Alice}}", "user": "alice",
              "scopes": ["workspaces:read", "workspaces:write", "blueprints:read", "users:read", "users:write"] },
            { "name": "bob", "key": "{{Bob}}", "user": "bob",
              "scopes": ["workspaces:read", "workspaces:write", "blueprints:read", "users:read", "users:write"] },
            { "name": "root-admin", "key": "{{Admin}}", "user": "root-admin",
              "scopes": ["workspaces:read", "workspaces:write", "blueprints:read", "users:read", "users:write"] },
            { "name": "everything", "key": "{{Everything}}", "scopes": ["admin"] },
            { "name": "readonly", "key": "{{ReadOnly}}", "user": "alice", "scopes": ["workspaces:read"] },
            { "name": "slack-bot", "key": "{{Bot}}", "scopes": ["workspaces:read", "workspaces:write", "workspaces:act-for"] },
            { "name": "proxy", "key": "{{Proxy}}", "scopes": ["directory:read", "workspaces:act-for"] },
            { "name": "auditor", "key": "{{Auditor}}", "scopes": ["introspect"] },
            { "name": "expired", "key": "{{Expired}}", "user": "alice", "scopes": ["workspaces:read"], "expiresAt": "2020-01-01T00:00:00Z" }
          ]
        }
        """;
}
