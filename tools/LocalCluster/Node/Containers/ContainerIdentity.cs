using System.Globalization;
using k8s.Models;
using Workspaces.LocalCluster.Node.Images;
using Workspaces.LocalCluster.Node.Runtime;

namespace Workspaces.LocalCluster.Node.Containers;

/// <summary>Decides user, group and supplemental groups from the security contexts and the image's own user and account files.</summary>
internal static class ContainerIdentity
{
    public static ContainerUser Resolve(V1Pod pod, V1Container container, ImageDefinition image)
    {
        var (own, shared) = (container.SecurityContext, pod.Spec.SecurityContext);
        var root = image.Folder ?? "/";
        var (imageUser, imageGroup, imageUserIsName) = ImageUser(image, root);
        var uid = (int?)(own?.RunAsUser ?? shared?.RunAsUser);
        if ((own?.RunAsNonRoot ?? shared?.RunAsNonRoot) == true)
        {
            RequireNonRoot(pod, container, image, uid, imageUser, imageUserIsName);
        }

        var user = uid ?? imageUser;
        var account = Accounts(root, "etc/passwd").FirstOrDefault(fields => fields.Length > 3 && fields[2] == Text(user));
        var imagesGroup = uid is null || uid == imageUser ? imageGroup : null;
        var accountsGroup = account is null ? 0 : int.Parse(account[3], CultureInfo.InvariantCulture);
        var gid = (int?)(own?.RunAsGroup ?? shared?.RunAsGroup) ?? imagesGroup ?? accountsGroup;
        var groups = new List<int> { gid };
        if (account is [var accountName, ..] && shared?.SupplementalGroupsPolicy != "Strict")
        {
            groups.AddRange(Accounts(root, "etc/group")
                .Where(fields => fields.Length > 3 && fields[3].Split(',').Contains(accountName))
                .Select(fields => int.Parse(fields[2], CultureInfo.InvariantCulture)));
        }

        groups.AddRange((shared?.SupplementalGroups ?? []).Select(group => (int)group!.Value));
        if (shared?.FsGroup is { } fsGroup)
        {
            groups.Add((int)fsGroup);
        }

        return new ContainerUser(user, gid, [.. groups.Distinct()]);
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static void RequireNonRoot(V1Pod pod, V1Container container, ImageDefinition image, int? uid, int imageUser, bool imageUserIsName)
    {
        var where = $"(pod: \"{pod.Metadata.Name}_{pod.Metadata.NamespaceProperty}({pod.Metadata.Uid})\", container: {container.Name})";
        if (uid == 0)
        {
            throw new ContainerConfigException($"container's runAsUser breaks non-root policy {where}");
        }

        if (uid is null && imageUserIsName)
        {
            throw new ContainerConfigException($"container has runAsNonRoot and image has non-numeric user ({image.User}), cannot verify user is non-root {where}");
        }

        if (uid is null && imageUser == 0)
        {
            throw new ContainerConfigException($"container has runAsNonRoot and image will run as root {where}");
        }
    }

    private static (int Uid, int? Gid, bool IsName) ImageUser(ImageDefinition image, string root)
    {
        var parts = image.User.Split(':', 2);
        int? gid = parts.Length > 1 ? Lookup(root, "etc/group", parts[1], image) : null;
        return int.TryParse(parts[0], CultureInfo.InvariantCulture, out var uid)
            ? (uid, gid, false)
            : (Lookup(root, "etc/passwd", parts[0], image), gid, true);
    }

    private static int Lookup(string root, string file, string name, ImageDefinition image) =>
        int.TryParse(name, CultureInfo.InvariantCulture, out var id)
            ? id
            : Accounts(root, file).FirstOrDefault(fields => fields[0] == name && fields.Length > 2) is { } entry
                ? int.Parse(entry[2], CultureInfo.InvariantCulture)
                : throw new ContainerConfigException($"unable to find {name} of image {image.Name} in its /{file}");

    private static IEnumerable<string[]> Accounts(string root, string file)
    {
        var path = Path.Combine(root, file);
        return File.Exists(path) ? File.ReadLines(path).Select(line => line.Split(':')) : [];
    }
}
