namespace Workspaces.Requests.Users.Keys;

/// <summary>Whose key it is. The id is the fingerprint, so that the database itself refuses a second owner.</summary>
/// <param name="Id">Fingerprint.</param>
/// <param name="User">Name of the user.</param>
public sealed record KeyReservation(string Id, string User);
