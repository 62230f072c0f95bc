using System.Text;
using System.Text.RegularExpressions;
using k8s;
using k8s.Models;

namespace GenCluster.Helm.Tests.ApiServer;

/// <summary>The volumes of a pod as folders of this machine, and what its containers call them by.</summary>
internal sealed class PodFiles(V1Pod pod, ApiServerProcesses server, Kubelet kubelet)
{
    private const string Accounts = "/var/run/secrets/kubernetes.io/serviceaccount";

    private readonly string own = Directory.CreateDirectory(Path.Combine(server.Folder, "pods", pod.Metadata.Uid)).FullName;

    /// <summary>Where what the pod writes of its own goes, its log for instance.</summary>
    public string Folder => own;

    public V1Pod Pod => pod;

    public async Task LayAsync()
    {
        foreach (var volume in pod.Spec.Volumes ?? [])
        {
            string folder = Directory.CreateDirectory(FolderOf(volume)).FullName;
            if (volume.ConfigMap is { } map)
                await LayAsync(folder, await ConfigMapAsync(map.Name), map.Items);
            if (volume.Secret is { } secret)
                await LayAsync(folder, await SecretAsync(secret.SecretName), secret.Items);
            foreach (var source in volume.Projected?.Sources ?? [])
            {
                if (source.Secret is { } part)
                    await LayAsync(folder, await SecretAsync(part.Name), part.Items);
                if (source.ServiceAccountToken is { } token)
                    await File.WriteAllTextAsync(Path.Combine(folder, token.Path), await TokenAsync(token.Audience));
            }
        }
    }

    /// <summary>A text of a container with the names and paths of this machine in place of the cluster's.</summary>
    public string Here(string text, V1Container container)
    {
        var mounts = (container.VolumeMounts ?? []).ToDictionary(m => m.MountPath, m => FolderOf(pod.Spec.Volumes.Single(v => v.Name == m.Name)));
        string paths = string.Join('|', mounts.Keys.OrderByDescending(p => p.Length).Select(Regex.Escape));
        if (paths.Length > 0)
            text = Regex.Replace(text, $"(?<=^|=|//)({paths})(?=/|$)", found => mounts[found.Value]); // at once: what is put in is not looked at again
        return Named(text);
    }

    public async Task<string> SecretKeyAsync(V1SecretKeySelector selector) => Encoding.UTF8.GetString((await SecretAsync(selector.Name))[selector.Key]);

    /// <summary>Claims outlive pods; all else goes with them.</summary>
    private string FolderOf(V1Volume volume) => volume.PersistentVolumeClaim is { } claim
        ? Path.Combine(server.Folder, "claims", pod.Namespace(), claim.ClaimName)
        : Path.Combine(own, volume.Name);

    /// <summary>Names of DNS: a pod of a headless service, or a service, which then stands for the pod behind it.</summary>
    private string Named(string text)
    {
        string domain = $".{pod.Namespace()}.svc.cluster.local";
        int at;
        while ((at = text.IndexOf(domain, StringComparison.Ordinal)) >= 0)
        {
            int begin = text.LastIndexOfAny(['@', '/', ' '], at) + 1;
            string[] name = text[begin..at].Split('.');
            string who = name.Length == 2 ? name[0] : $"{name[0]}-coordinator-0";
            text = text[..begin] + kubelet.AddressOf(who) + text[(at + domain.Length)..];
        }

        return text;
    }

    private async Task LayAsync(string folder, Dictionary<string, byte[]> data, IList<V1KeyToPath>? items)
    {
        var chosen = items is { Count: > 0 } ? items.Select(i => (i.Path, data[i.Key])) : data.Select(d => (Path: d.Key, d.Value));
        foreach (var (path, bytes) in chosen)
        {
            string text = Encoding.UTF8.GetString(bytes).Replace(Accounts, Path.Combine(own, "account"), StringComparison.Ordinal);
            await File.WriteAllTextAsync(Path.Combine(folder, path), text);
        }
    }

    private async Task<Dictionary<string, byte[]>> ConfigMapAsync(string name) =>
        (await server.Client.CoreV1.ReadNamespacedConfigMapAsync(name, pod.Namespace())).Data.ToDictionary(d => d.Key, d => Encoding.UTF8.GetBytes(d.Value));

    private async Task<Dictionary<string, byte[]>> SecretAsync(string name) => new((await server.Client.CoreV1.ReadNamespacedSecretAsync(name, pod.Namespace())).Data);

    private async Task<string> TokenAsync(string audience)
    {
        var request = new Authenticationv1TokenRequest { Spec = new V1TokenRequestSpec { Audiences = [audience], ExpirationSeconds = 3600 } };
        return (await server.Client.CoreV1.CreateNamespacedServiceAccountTokenAsync(request, pod.Spec.ServiceAccountName, pod.Namespace())).Status.Token;
    }
}
