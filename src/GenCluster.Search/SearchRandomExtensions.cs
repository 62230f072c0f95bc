using System.Text;
using GenCluster.Core.Search;

namespace GenCluster.Search;

/// <summary>Random numbers for one hyperparameter.</summary>
public static class SearchRandomExtensions
{
    /// <summary>
    /// The random numbers of one hyperparameter: its path is mixed into the generator's key, so the numbers of two
    /// paths have nothing to do with each other, and none depends on which other paths there are.
    /// </summary>
    public static SearchRandom ForPath(this SearchRandom random, string path) => new(random.Seed ^ Hash(path));

    /// <summary>FNV-1a with 64 bits (Fowler, Noll, Vo): the same on every machine and in every version, unlike string.GetHashCode.</summary>
    private static ulong Hash(string path)
    {
        ulong hash = 0xcbf29ce484222325;
        foreach (byte b in Encoding.UTF8.GetBytes(path))
            hash = (hash ^ b) * 0x100000001b3;
        return hash;
    }
}
