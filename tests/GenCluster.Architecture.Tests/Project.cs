using System.Xml.Linq;

namespace GenCluster.Architecture.Tests;

/// <summary>What a project file says: which projects and packages it uses.</summary>
/// <param name="References">Projects whose code it uses.</param>
/// <param name="BuiltAlong">Projects that are only built with it.</param>
internal sealed record Project(
    string Name, string AssemblyName, IReadOnlyList<string> References, IReadOnlyList<string> BuiltAlong, IReadOnlyList<string> Packages)
{
    public static Project Read(string file)
    {
        var xml = XDocument.Load(file);
        string name = Path.GetFileNameWithoutExtension(file);
        var references = xml.Descendants("ProjectReference").ToLookup(
            reference => (string?)reference.Attribute("ReferenceOutputAssembly") != "false",
            reference => Path.GetFileNameWithoutExtension((string)reference.Attribute("Include")!));
        return new Project(
            name,
            xml.Descendants("AssemblyName").FirstOrDefault()?.Value ?? name,
            [.. references[true]],
            [.. references[false]],
            [.. xml.Descendants("PackageReference").Select(package => (string)package.Attribute("Include")!)]);
    }

    /// <summary>Itself and every project whose code it uses, directly or through others.</summary>
    public IEnumerable<Project> Closure() =>
        References.SelectMany(name => Repository.Source(name).Closure()).Append(this).DistinctBy(project => project.Name);
}
