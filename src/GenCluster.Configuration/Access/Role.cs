namespace GenCluster.Configuration.Access;

/// <summary>What a caller of the API may do. Each role may also do what those before it may.</summary>
public enum Role
{
    /// <summary>Sees everything, changes nothing.</summary>
    Viewer = 0,

    /// <summary>Submits sweeps, changes, pauses and ends them. Programs as trials: those that an operator has listed.</summary>
    Submitter = 1,

    /// <summary>Does everything; any program may be a trial.</summary>
    Admin = 2,
}

/// <summary>How roles are written.</summary>
public static class Roles
{
    public static IReadOnlyList<string> Names { get; } = [.. Enum.GetValues<Role>().Select(NameOf)];

    public static string NameOf(Role role) => role.ToString().ToLowerInvariant();

    /// <summary>Null: there is no such role.</summary>
    public static Role? Find(string name) => Enum.GetValues<Role>().Where(r => NameOf(r) == name).Select(r => (Role?)r).FirstOrDefault();
}
